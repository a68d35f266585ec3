import { Button, Group, Modal, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { api, held } from '../api/client'
import { Failure } from '../page/Failure'
import { documented } from './ServiceDocument'
import { systemsQuery } from './queries'

const emptyDeclaration = (key: string) => `declaration:
  - system: ${key || 'crm'}
    name: {en: Customer relations}
    purposes: []
`

const emptyService = (key: string) => `service:
  name: Newsletter
  url: https://api.example.com/v1
  auth: {kind: bearer}
  collections:
    - collection: ${key || 'newsletter'}.subscribers
      read:
        - {by: email, path: /subscribers, query: {email: <value>}, rows: "subscribers[*]"}
`

const emptyStore = (key: string) => `store:
  name: Customers' files
  url: https://s3.eu-central-1.amazonaws.com
  region: eu-central-1
  bucket: customer-files
  collections:
    - collection: ${key || 'files'}.uploads
      objects: uploads/{customer_id}/**
`

/** What the document of a new system looks like, and what there is to say about it. */
const documents: Record<string, { empty: (key: string) => string; description: string } | undefined> = {
  http: { empty: emptyService, description: 'YAML: the service’s address, how it is signed in to, and per collection the requests that find, delete and change rows. It holds no secret.' },
  s3: { empty: emptyStore, description: 'YAML: the store’s address, its bucket, and per collection the form of the keys, with places for what tells whose an object is. It holds no secret.' },
}

/** A database's kind is what its address begins with; of what else there is, it was chosen. */
const kindOf = (chosen: string, target: string) => {
  if (chosen === 'http' || chosen === 's3') return chosen
  const scheme = target.trim().split(':')[0]
  return scheme === 'mysql' || scheme === 'mongodb' ? scheme : 'postgres'
}

export function NewSystem({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState({ kind: 'database', key: '', name: '', target: '', change: '', service: '', declaration: '' })
  const service = documented[draft.kind]
  const document = documents[draft.kind]
  const queries = useQueryClient()
  const navigate = useNavigate()
  const set = (part: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...part }))
  const add = useMutation({
    mutationFn: () => held(api.POST('/v1/systems', { body: { key: draft.key, name: draft.name, target: draft.target, declaration: draft.declaration, kind: kindOf(draft.kind, draft.target), ...(service ? { service: draft.service } : {}), ...(draft.change.trim() ? { change_target: draft.change.trim() } : {}) } })),
    onSuccess: (system) => {
      void queries.invalidateQueries({ queryKey: systemsQuery.queryKey })
      onClose()
      void navigate({ to: '/systems/$id', params: { id: system.id } })
    },
  })
  return (
    <Modal opened onClose={onClose} title="Add a system" size={720} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); add.mutate() }}>
        <TextInput label="Name" description="As it stands on the cover of an answer." required data-autofocus maxLength={200} value={draft.name} onChange={(e) => set({ name: e.currentTarget.value })} />
        <TextInput mt="sm" label="Key" description="A short name that stays: small letters, digits, hyphens." required pattern="[a-z0-9][a-z0-9_\-]{0,62}" value={draft.key} onChange={(e) => set({ key: e.currentTarget.value })} />
        <SegmentedControl mt="sm" aria-label="What it is" value={draft.kind} onChange={(kind) => set({ kind, target: '', change: '', service: '' })} data={[{ value: 'database', label: 'Database' }, { value: 'http', label: 'Service behind HTTP' }, { value: 's3', label: 'Object store' }]} />
        {service && document && <>
          <Textarea mt="sm" label={`${service.tab} document`} description={document.description} required autosize minRows={6} maxRows={16} maxLength={200000} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
            value={draft.service} placeholder={document.empty(draft.key)} onChange={(e) => set({ service: e.currentTarget.value })} />
          <Textarea mt="sm" label="Secrets" description={`${service.hint} They need no right but to read.`} autosize minRows={2} maxLength={8000} autoComplete="off" value={draft.target} onChange={(e) => set({ target: e.currentTarget.value })} />
          <Textarea mt="sm" label="Secrets that may change it" description="Likewise, for erasing and correcting; without them people do that there by hand." autosize minRows={2} maxLength={8000} autoComplete="off" value={draft.change} onChange={(e) => set({ change: e.currentTarget.value })} />
        </>}
        {!service && <>
          <TextInput mt="sm" label="Address" description="postgres://user:password@host:port/database, mysql:// for MySQL and MariaDB, or mongodb:// for MongoDB. It is sealed, and the password is never shown again. The user needs no more than to read." required maxLength={2000} autoComplete="off" value={draft.target} onChange={(e) => set({ target: e.currentTarget.value })} />
          <TextInput mt="sm" label="Way in that may change it" description="Likewise, with a user that may update and delete, for erasing and correcting; without it people do that there by hand. It is sealed too." maxLength={2000} autoComplete="off" value={draft.change} onChange={(e) => set({ change: e.currentTarget.value })} />
        </>}
        <Textarea mt="sm" label="Declaration" description="YAML: what the data is used for, who gets it, how long it is kept; under erasure, what happens to each collection." required autosize minRows={6} maxRows={16} maxLength={200000} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
          value={draft.declaration} placeholder={emptyDeclaration(draft.key)} onChange={(e) => set({ declaration: e.currentTarget.value })} />
        {add.error && <Failure error={add.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Discard</Button>
          <Button type="submit" loading={add.isPending}>Add the system</Button>
        </Group>
      </form>
    </Modal>
  )
}
