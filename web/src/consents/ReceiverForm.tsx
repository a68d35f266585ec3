import { Button, Checkbox, Group, Modal, MultiSelect, PasswordInput, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { items, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Secret } from '../page/Secret'
import { useMay } from '../session/session'
import { channels, receiverKinds } from '../words/consents'
import { choices, purposeChoices } from './choices'
import { purposesQuery } from './queries'
import { useAddReceiver, useChangeReceiver, type Receiver } from './receivers'

type Kind = Receiver['kind']
type Body = Schemas['ReceiverBody']

const explained: Record<Kind, string> = {
  http: 'Signed JSON is posted to its address (Standard Webhooks); a 2xx confirms. For a program of your own, or one between Docket and the system.',
  listmonk: 'People are blocked in listmonk, and let in again, by an API user of yours. Whom listmonk does not know stays unknown to it.',
  pull: 'It reads a feed with a key of its own, and confirms what it has done. For systems that can’t be called from here.',
}

/** Adds a system that has to hear who wants no more. */
function Add({ onClose }: { onClose: () => void }) {
  const may = useMay()
  const add = useAddReceiver()
  const purposes = useQuery({ ...purposesQuery, enabled: may('list-consent-purposes') })
  const [draft, setDraft] = useState({ name: '', kind: 'http' as Kind, url: '', login: '', token: '', channels: ['email'], purposes: [] as string[], backlog: false })
  const set = (part: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...part }))
  if (add.data?.secret) return <Secret secret={add.data.secret} onClose={onClose}>This is the secret that signs what the system is told (Standard Webhooks). It is shown only now; put it where the system finds it.</Secret>
  if (add.data && draft.kind === 'pull') return <Reads id={add.data.id} onClose={onClose} />
  const body = (): Body => ({
    name: draft.name, kind: draft.kind, backlog: draft.backlog, purposes: draft.purposes, channels: (draft.kind === 'listmonk' ? ['email'] : draft.channels) as Body['channels'],
    ...(draft.kind === 'pull' ? {} : { url: draft.url }), ...(draft.kind === 'listmonk' ? { login: draft.login, token: draft.token } : {}),
  })
  return (
    <form onSubmit={(e) => { e.preventDefault(); add.mutate(body(), { onSuccess: (made) => { if (!made.secret && draft.kind !== 'pull') onClose() } }) }}>
      <TextInput label="Name" description="How your team calls it." required data-autofocus maxLength={100} value={draft.name} onChange={(e) => set({ name: e.currentTarget.value })} />
      <Select mt="sm" label="How it hears" description={explained[draft.kind]} data={choices(receiverKinds)} allowDeselect={false} value={draft.kind} onChange={(v) => set({ kind: (v ?? 'http') as Kind })} />
      {draft.kind !== 'pull' && <TextInput mt="sm" label="Address" description={draft.kind === 'listmonk' ? 'Where its own pages are; https, on the open network.' : 'An https address on the open network.'} type="url" required maxLength={2000} value={draft.url} onChange={(e) => set({ url: e.currentTarget.value })} />}
      {draft.kind === 'listmonk' && <ApiUser login={draft.login} token={draft.token} onChange={set} />}
      {draft.kind !== 'listmonk' && <MultiSelect mt="sm" label="Channels" description="On which it writes. They never change." required={draft.channels.length === 0} data={choices(channels)} value={draft.channels} onChange={(v) => set({ channels: v })} />}
      <MultiSelect mt="sm" label="Purposes" description="For which it writes; none chosen is all. They never change." placeholder={draft.purposes.length === 0 ? 'All' : undefined} data={purposeChoices(items(purposes.data))} value={draft.purposes} onChange={(v) => set({ purposes: v })} />
      <Checkbox mt="md" label="It hears of every withdrawal that there is" description="Else only of those to come: right for a system whose list is up to date." checked={draft.backlog} onChange={(e) => set({ backlog: e.currentTarget.checked })} />
      {add.error && <Failure error={add.error} />}
      <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Discard</Button><Button type="submit" disabled={draft.channels.length === 0} loading={add.isPending}>Add the system</Button></Group>
    </form>
  )
}

/** What a system that asks by itself needs to begin. */
function Reads({ id, onClose }: { id: string; onClose: () => void }) {
  return (
    <>
      <p style={{ marginTop: 0 }}>It reads <code>GET /v1/consent/receivers/{id}/changes</code> and confirms with <code>POST …/confirm</code>, with a key that has the scopes <code>consent-feed:read</code> and <code>consent-feed:write</code>. Make one under <Link to="/settings/keys">API keys</Link>, for this system alone.</p>
      <Group justify="flex-end"><Button data-autofocus onClick={onClose}>Done</Button></Group>
    </>
  )
}

/** Changes what a system is called and how it is reached; then it is tried again at once. */
function Change({ receiver: r, onClose }: { receiver: Receiver; onClose: () => void }) {
  const change = useChangeReceiver(r.id, onClose)
  const [draft, setDraft] = useState({ name: r.name, url: r.url ?? '', login: r.login ?? '', token: '' })
  const set = (part: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...part }))
  const send = () => change.mutate({
    name: draft.name, ...(r.kind === 'pull' ? {} : { url: draft.url }), ...(r.kind === 'listmonk' ? { login: draft.login, ...(draft.token ? { token: draft.token } : {}) } : {}),
  })
  return (
    <form onSubmit={(e) => { e.preventDefault(); send() }}>
      <TextInput label="Name" required data-autofocus maxLength={100} value={draft.name} onChange={(e) => set({ name: e.currentTarget.value })} />
      {r.kind !== 'pull' && <TextInput mt="sm" label="Address" type="url" required maxLength={2000} value={draft.url} onChange={(e) => set({ url: e.currentTarget.value })} />}
      {r.kind === 'listmonk' && <ApiUser login={draft.login} token={draft.token} onChange={set} kept />}
      <p className="dim">What it hears of never changes: so what it was told is what it confirms. For other channels or purposes add it anew, and retire this one.</p>
      {change.error && <Failure error={change.error} />}
      <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Discard</Button><Button type="submit" loading={change.isPending}>Save it{r.kind !== 'pull' && ' and try again'}</Button></Group>
    </form>
  )
}

interface ApiUserProps {
  login: string
  token: string
  /** A token is there that stays when none is given. */
  kept?: boolean
  onChange: (part: { login?: string; token?: string }) => void
}

function ApiUser({ login, token, kept, onChange }: ApiUserProps) {
  return (
    <>
      <TextInput mt="sm" label="API user" description="Made in listmonk under Users, with the permissions subscribers:sql_query and subscribers:manage." required maxLength={200} autoComplete="off" value={login} onChange={(e) => onChange({ login: e.currentTarget.value })} />
      <PasswordInput mt="sm" label="Its token" description={kept ? 'Empty: as it is. It is never shown.' : 'It is never shown.'} required={!kept} maxLength={500} autoComplete="new-password" value={token} onChange={(e) => onChange({ token: e.currentTarget.value })} />
    </>
  )
}

/** A system that has to hear who wants no more: a new one, or how one is reached. */
export function ReceiverForm({ receiver, onClose }: { receiver?: Receiver; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={receiver ? `Change ${receiver.name}` : 'Add a system'} closeButtonProps={{ 'aria-label': 'Close' }} closeOnClickOutside={false}>
      {receiver ? <Change receiver={receiver} onClose={onClose} /> : <Add onClose={onClose} />}
    </Modal>
  )
}
