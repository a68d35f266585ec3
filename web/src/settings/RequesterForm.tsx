import { Button, Group, Modal, MultiSelect, Select, Switch, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Secret } from '../page/Secret'

type Body = Schemas['CreateRequesterBody']
type Vouch = NonNullable<Body['vouches']>[number]

/** What a requester's word can be let prove. */
export const vouchable: Record<string, string> = { email: 'mailbox', phone_number: 'telephone number', customer_id: 'customer number' }

const protocols = [{ value: 'opendsr', label: 'Controller, by OpenDSR' }, { value: 'drp', label: 'Authorised agent, by the Data Rights Protocol' }]

const empty: Body = { protocol: 'opendsr', handle: '', name: '', vouches: [], results: false }

function toBody({ protocol, handle, name, domain, web_url, verify_key, vouches, results }: Schemas['RequesterView']): Body {
  return { protocol, handle, name, domain, web_url, verify_key, vouches: (vouches ?? []) as Vouch[], results }
}

/** What a requester is made of; a new controller has its key shown once. */
export function RequesterForm({ requester: was, onClose }: { requester?: Schemas['RequesterView']; onClose: () => void }) {
  const [draft, setDraft] = useState(() => (was ? toBody(was) : empty))
  const set = (part: Partial<Body>) => setDraft((old) => ({ ...old, ...part }))
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: async () => {
      const { protocol, handle, ...rest } = draft
      const body = { ...rest, domain: protocol === 'opendsr' ? rest.domain : undefined, verify_key: protocol === 'drp' ? rest.verify_key : undefined }
      if (!was) return (await held(api.POST('/v1/requesters', { body: { protocol, handle, ...body } }))).key
      await held(api.PUT('/v1/requesters/{id}', { params: { path: { id: was.id } }, body }))
      return undefined
    },
    onSuccess: (key) => {
      void queries.invalidateQueries({ queryKey: ['requesters'] })
      void queries.invalidateQueries({ queryKey: ['processor-key'] })
      if (!key) onClose()
    },
  })
  const agent = draft.protocol === 'drp'
  return (
    <Modal opened onClose={onClose} title={was ? `Change ${was.name}` : 'Add a requester'} closeButtonProps={{ 'aria-label': 'Close' }} closeOnClickOutside={!save.data}>
      {save.data ? <Secret secret={save.data} onClose={onClose}>This is the controller’s key, which it sends with every call. It is shown only now; give it over by a safe way.</Secret> : (
        <form onSubmit={(e) => { e.preventDefault(); save.mutate() }}>
          {!was && <Select label="Kind" data={protocols} allowDeselect={false} value={draft.protocol} onChange={(v) => set({ protocol: (v ?? draft.protocol) as Body['protocol'] })} />}
          {!was && <TextInput mt="sm" label={agent ? 'Id in the directory' : 'Controller id'} description="Its name in the protocol, for good." required maxLength={64} value={draft.handle} onChange={(e) => set({ handle: e.currentTarget.value })} />}
          <TextInput mt="sm" label="Name" required data-autofocus maxLength={100} value={draft.name} onChange={(e) => set({ name: e.currentTarget.value })} />
          {agent ? <TextInput mt="sm" label="Verify key" description="Its Ed25519 key in base64, as the directory has it." required maxLength={100} value={draft.verify_key ?? ''} onChange={(e) => set({ verify_key: e.currentTarget.value })} />
            : <TextInput mt="sm" label="Domain" description="Its callbacks may lead there, and to hosts below it." required maxLength={253} value={draft.domain ?? ''} onChange={(e) => set({ domain: e.currentTarget.value })} />}
          <TextInput mt="sm" label="Page" type="url" maxLength={2000} value={draft.web_url ?? ''} onChange={(e) => set({ web_url: e.currentTarget.value || undefined })} />
          <MultiSelect mt="sm" label="Its word proves" description="What it has made sure of then needs no further proof. With nothing, people are asked as always." data={Object.entries(vouchable).map(([value, label]) => ({ value, label: `the ${label}` }))} clearable value={draft.vouches ?? []} onChange={(v) => set({ vouches: v as Vouch[] })} />
          <Switch mt="sm" label="It may fetch the answer, which goes to the person as well" checked={draft.results ?? false} onChange={(e) => set({ results: e.currentTarget.checked })} />
          {save.error && <Failure error={save.error} />}
          <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Discard</Button><Button type="submit" loading={save.isPending}>{was ? 'Save the requester' : 'Add the requester'}</Button></Group>
        </form>
      )}
    </Modal>
  )
}
