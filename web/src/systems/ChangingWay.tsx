import { Button, Group, Modal, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { useMay } from '../session/session'
import { documented } from './ServiceDocument'
import classes from './systems.module.css'

const changingHint = 'postgres://user:password@host:port/database, or mysql:// and mongodb:// likewise, with a user that may update and delete. It is sealed, and never shown again.'

/** The way in that may change a system, for erasing: whether there is one, and setting another. What it is, is never shown. */
export function ChangingWay({ system }: { system: Schemas['SystemView'] }) {
  const may = useMay()
  const [setting, setSetting] = useState(false)
  return (
    <span className={classes.way}>
      {system.changes ? 'there is one; it erases' : 'none: people erase here by hand'}
      {may('change-system') && <Button size="compact-xs" variant="subtle" onClick={() => setSetting(true)}>{system.changes ? 'Change it' : 'Set it'}</Button>}
      {setting && <SetWay system={system} onClose={() => setSetting(false)} />}
    </span>
  )
}

function SetWay({ system, onClose }: { system: Schemas['SystemView']; onClose: () => void }) {
  const [target, setTarget] = useState('')
  const service = documented[system.kind]
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (change_target: string) => held(api.PATCH('/v1/systems/{id}', { params: { path: { id: system.id } }, body: { change_target } })),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['systems'] }); onClose() },
  })
  return (
    <Modal opened onClose={onClose} title={`The way in that may change ${system.name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); save.mutate(target.trim()) }}>
        <p style={{ marginTop: 0 }}>Reading goes on by {service ? 'the secrets' : 'the address'} that the system has. Only an approved erasure uses {service ? 'these' : 'this one'}.</p>
        {service && <Textarea label="Secrets" description={service.hint} required autosize minRows={2} maxLength={8000} autoComplete="off" data-autofocus value={target} onChange={(e) => setTarget(e.currentTarget.value)} />}
        {!service && <TextInput label="Address" description={changingHint} required maxLength={2000} autoComplete="off" data-autofocus value={target} onChange={(e) => setTarget(e.currentTarget.value)} />}
        {save.error && <Failure error={save.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          {system.changes && <Button variant="subtle" color="red.8" mr="auto" loading={save.isPending} onClick={() => save.mutate('')}>Take it away</Button>}
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" disabled={target.trim() === ''} loading={save.isPending}>Set it</Button>
        </Group>
      </form>
    </Modal>
  )
}
