import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'

import { newKey } from '../../api/transport'
import { inShort } from '../../erasure/plan'
import { Failure } from '../../page/Failure'
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
  const order = useCommand(at.detail.id, onClose)
  const set = (field: string, value: string) => {
    setValues((old) => ({ ...old, [field]: value }))
    setKey(newKey()) // another order, so another key
  }
  return (
    <Modal opened onClose={onClose} title={`${command.label}: ${at.detail.reference}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); order.mutate({ name: command.name, body: toBody(command, values), key }) }}>
        <p style={{ marginTop: 0 }}>{command.explains}</p>
        {command.name === 'approve-plan' && at.erasure && <p>{inShort(at.erasure)} The plan with the check sum <code>{at.erasure.sha256.slice(0, 16)}…</code>, as it stands on this page.</p>}
        {command.fields.map((field) => <CommandField key={field} field={field} of={command} at={at} value={values[field] ?? ''} set={(v) => set(field, v)} />)}
        {order.error && <Failure error={order.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" color={command.grave ? 'red.8' : undefined} loading={order.isPending}>{command.label}</Button>
        </Group>
      </form>
    </Modal>
  )
}
