import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'

import { newKey } from '../../api/transport'
import { Accepted } from '../../corrections/Accepted'
import { Failure } from '../../page/Failure'
import { NoSecondFactor, useSecondFactor } from '../../session/NoSecondFactor'
import { AsRead } from '../AsRead'
import { Copied } from '../Copied'
import type { Standing } from './allowed'
import type { Command } from './catalogue'
import { CommandField } from './CommandField'
import { firstValues, toBody, type Values } from './fields'
import { readableOf } from './readable'
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
  const now = readableOf(command, at)
  const [read, setRead] = useState(now?.sha256) // as it was when the dialog was opened: the decision is for that
  const other = read !== undefined && now?.sha256 !== read
  const barred = !useSecondFactor() && !!command.factor
  const order = useCommand(at.detail.id, onClose)
  const set = (field: string, value: string) => {
    setValues((old) => ({ ...old, [field]: value }))
    setKey(newKey()) // another order, so another key
  }
  return (
    <Modal opened onClose={onClose} title={`${command.label}: ${at.detail.reference}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); order.mutate({ name: command.name, body: { ...toBody(command, values), ...(read ? { sha256: read } : {}) }, key }) }}>
        <p style={{ marginTop: 0 }}>{command.explains}</p>
        {now && <InShort now={now} at={at} other={other} />}
        {read !== undefined && <AsRead of={now?.of ?? 'plan'} request={at.detail.id} read={read} now={now} onRead={() => { setRead(now?.sha256); setKey(newKey()); order.reset() }} />}
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

/** What the command is about, as it stands. */
function InShort({ now, at, other }: { now: NonNullable<ReturnType<typeof readableOf>>; at: Standing; other: boolean }) {
  if (now.of === 'corrections') return at.corrections && <Copied id={at.detail.id} kind="corrections"><Accepted read={at.corrections} /></Copied>
  return other ? null : <p>{now.short}</p>
}
