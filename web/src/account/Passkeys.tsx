import { Button, Group, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Waiting } from '../page/Waiting'
import { call } from '../session/calls'
import type { Passkey } from '../session/contract'
import { addPasskey, usePasskeys } from '../session/passkeys'
import { sessionQuery } from '../session/session'
import { Ago } from '../time/Moment'
import classes from './account.module.css'

export function Passkeys() {
  const queries = useQueryClient()
  const able = usePasskeys()
  const [name, setName] = useState('')
  const keys = useQuery({ queryKey: ['passkeys'], queryFn: () => call<{ items: Passkey[] | null }>('GET', '/v1/account/passkeys') })
  const again = () => {
    setName('')
    void queries.invalidateQueries({ queryKey: ['passkeys'] })
    void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
  }
  const add = useMutation({ mutationFn: () => addPasskey(name.trim()), onSuccess: again })
  const remove = useMutation({ mutationFn: (id: string) => call('DELETE', `/v1/account/passkeys/${id}`), onSuccess: again })
  return (
    <Panel title="Passkeys">
      {keys.error && <Failure error={keys.error} retry={() => void keys.refetch()} />}
      {keys.isPending && <Waiting lines={2} />}
      <ul className={classes.list}>
        {(keys.data?.items ?? []).map((k) => (
          <li key={k.id}>
            <span>{k.name} <span className="dim">{k.last_use_at ? <>last used <Ago at={k.last_use_at} /></> : 'never used'}</span></span>
            <Button size="compact-xs" variant="subtle" onClick={() => remove.mutate(k.id)} aria-label={`Take away ${k.name}`}>Take away</Button>
          </li>
        ))}
      </ul>
      {keys.data?.items?.length === 0 && <p className="dim">None yet. A passkey of a device lets you in without a password.</p>}
      {able && (
        <form onSubmit={(e) => { e.preventDefault(); add.mutate() }}>
          <Group gap="xs" align="end">
            <TextInput label="Name of the new passkey" placeholder="My laptop" required maxLength={100} value={name} onChange={(e) => setName(e.currentTarget.value)} />
            <Button type="submit" variant="default" loading={add.isPending}>Add a passkey</Button>
          </Group>
        </form>
      )}
      {(add.error ?? remove.error) && <Failure error={add.error ?? remove.error} />}
    </Panel>
  )
}
