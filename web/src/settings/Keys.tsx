import { Button, Group, Modal, MultiSelect, Select, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { Confirm } from '../page/Confirm'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import rows from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { Ago, Day } from '../time/Moment'
import { useNow } from '../time/now'
import { roles } from '../words/cases'
import { word } from '../words/words'
import { keysQuery } from './queries'
import { scopeChoices } from './scopes'
import { Secret } from '../page/Secret'
import classes from './settings.module.css'

/** With what programs come in. */
export function Keys() {
  const [making, make] = useDisclosure(false)
  const answer = useQuery(keysQuery)
  const keys = answer.data && items(answer.data)
  return (
    <>
      <div className={classes.bar}><p className="dim" style={{ margin: 0 }}>With a key a program does what its role may. Its secret is shown once.</p><Button onClick={make.open}>Make a key</Button></div>
      {answer.isPending && <Waiting lines={4} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {keys?.length === 0 && <Empty title="No keys yet">A key lets a program file requests and read what it needs.</Empty>}
      {keys && keys.length > 0 && (
        <table className={rows.table}>
          <thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">Made</th><th scope="col">Last used</th><th scope="col">Ends</th><th scope="col"><span className="visually-hidden">Revoke</span></th></tr></thead>
          <tbody>{keys.map((k) => <Row key={k.id} apiKey={k} />)}</tbody>
        </table>
      )}
      {making && <NewKey onClose={make.close} />}
    </>
  )
}

function Row({ apiKey: k }: { apiKey: Schemas['KeyView'] }) {
  const [asking, ask] = useDisclosure(false)
  const now = useNow()
  const over = !!k.revoked_at || (!!k.expires_at && new Date(k.expires_at).getTime() < now)
  return (
    <tr className={over ? 'dim' : undefined}>
      <td data-cell="reference" className={rows.wide}>{over ? k.name : <strong>{k.name}</strong>}</td>
      <td data-cell="due">{word(roles, k.role)}{(k.scopes ?? []).length > 0 && <span className={classes.hookMore} style={{ display: 'block' }}>{k.scopes?.join(', ')}</span>}</td>
      <td data-cell="received"><Ago at={k.created_at} /></td>
      <td data-cell="right">{k.last_used_at ? <><span className={rows.narrowOnly}>last used </span><Ago at={k.last_used_at} /></> : <>never<span className={rows.narrowOnly}> used</span></>}</td>
      <td data-cell="law">{k.revoked_at ? <>revoked <Day at={k.revoked_at} /></> : k.expires_at ? <Day at={k.expires_at} /> : 'never'}</td>
      <td data-cell="state">{!over && <Button variant="subtle" size="compact-xs" onClick={ask.open} aria-label={`Revoke ${k.name}`}>Revoke</Button>}{asking && <Revoke apiKey={k} onClose={ask.close} />}</td>
    </tr>
  )
}

function Revoke({ apiKey: k, onClose }: { apiKey: Schemas['KeyView']; onClose: () => void }) {
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => held(api.DELETE('/v1/api-keys/{id}', { params: { path: { id: k.id } } })),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['api-keys'] }); onClose() },
  })
  return (
    <Confirm title={`Revoke ${k.name}`} action="Revoke the key" pending={revoke.isPending} error={revoke.error} onConfirm={() => revoke.mutate()} onClose={onClose}>
      The program that uses it is refused from its next call on. A revoked key cannot be brought back.
    </Confirm>
  )
}

function NewKey({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState({ name: '', role: 'agent', until: '', scopes: [] as string[] })
  const set = (part: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...part }))
  const queries = useQueryClient()
  const make = useMutation({
    mutationFn: () => held(api.POST('/v1/api-keys', {
      body: { name: draft.name.trim(), role: draft.role as 'agent', ...(draft.scopes.length > 0 ? { scopes: draft.scopes } : {}), ...(draft.until ? { expires_at: new Date(`${draft.until}T23:59:59`).toISOString() } : {}) },
    })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['api-keys'] }),
  })
  return (
    <Modal opened onClose={onClose} title="Make a key" closeButtonProps={{ 'aria-label': 'Close' }} closeOnClickOutside={!make.data}>
      {make.data ? <Secret secret={make.data.key} onClose={onClose}>This is the secret. It is shown only now; put it where the program finds it.</Secret> : (
        <form onSubmit={(e) => { e.preventDefault(); make.mutate() }}>
          <TextInput label="Name" description="What the key is for." required data-autofocus maxLength={100} value={draft.name} onChange={(e) => set({ name: e.currentTarget.value })} />
          <Select mt="sm" label="Role" data={['agent', 'dpo', 'admin', 'auditor'].map((value) => ({ value, label: word(roles, value) }))} value={draft.role} onChange={(v) => set({ role: v ?? 'agent' })} />
          <MultiSelect mt="sm" label="Only for" description="Empty: all that its role may. A key that can do less is worth less to whoever finds it." data={scopeChoices} searchable clearable value={draft.scopes} onChange={(scopes) => set({ scopes })} />
          <TextInput mt="sm" label="Ends after" description="Empty: it ends when it is revoked." type="date" value={draft.until} onChange={(e) => set({ until: e.currentTarget.value })} />
          {make.error && <Failure error={make.error} />}
          <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Discard</Button><Button type="submit" loading={make.isPending}>Make the key</Button></Group>
        </form>
      )}
    </Modal>
  )
}
