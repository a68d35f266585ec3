import { Button, Group, Modal } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { newKey } from '../../api/transport'
import { inShort } from '../../erasure/plan'
import { Failure } from '../../page/Failure'
import { NoSecondFactor, useSecondFactor } from '../../session/NoSecondFactor'
import type { Standing } from './allowed'
import type { Command } from './catalogue'
import { CommandField } from './CommandField'
import { firstValues, toBody, type Values } from './fields'
import { useCommand } from './useCommand'

interface Props {
  command: Command
  at: Standing
  onClose: () => void
}

/** Asks for what a command needs, and says what it does before it is done. */
export function CommandDialog({ command, at, onClose }: Props) {
  const [values, setValues] = useState<Values>(() => firstValues(command, at))
  const [key, setKey] = useState(newKey)
  const [read, setRead] = useState(at.erasure) // the plan as it was when the dialog was opened: an approval is for that one
  const other = command.name === 'approve-plan' && at.erasure?.sha256 !== read?.sha256
  const barred = !useSecondFactor() && !!command.factor
  const order = useCommand(at.detail.id, onClose)
  const set = (field: string, value: string) => {
    setValues((old) => ({ ...old, [field]: value }))
    setKey(newKey()) // another order, so another key
  }
  return (
    <Modal opened onClose={onClose} title={`${command.label}: ${at.detail.reference}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); order.mutate({ name: command.name, body: { ...toBody(command, values), ...(command.name === 'approve-plan' ? { sha256: read?.sha256 } : {}) }, key }) }}>
        <p style={{ marginTop: 0 }}>{command.explains}</p>
        {command.name === 'approve-plan' && read && !other && <p>{inShort(read)} This approves the plan with the check sum <code>{read.sha256.slice(0, 16)}…</code>, which is on this page, and no other.</p>}
        {other && <Changed request={at.detail.id} now={at.erasure} onRead={() => { setRead(at.erasure); setKey(newKey()); order.reset() }} />}
        {barred && <NoSecondFactor />}
        {command.fields.map((field) => <CommandField key={field} field={field} of={command} at={at} value={values[field] ?? ''} set={(v) => set(field, v)} />)}
        {order.error && !other && <Failure error={order.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" color={command.grave ? 'red.8' : undefined} disabled={other || barred} loading={order.isPending}>{command.label}</Button>
        </Group>
      </form>
    </Modal>
  )
}

/** Says that the plan is another one than was opened here, and asks to have that read. */
function Changed({ request, now, onRead }: { request: string; now: Standing['erasure']; onRead: () => void }) {
  return (
    <div role="alert">
      <p><strong>The plan has changed since you opened this.</strong> {now ? `It says now: ${inShort(now)}` : 'There is none now.'} <Link to="/requests/$id/plan" params={{ id: request }}>Read it as it is now</Link> before you approve it.</p>
      {now && <Button size="xs" variant="default" onClick={onRead}>I have read the new plan</Button>}
    </div>
  )
}
