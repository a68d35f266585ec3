import { Button, Group, Modal, TagsInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { actions as known } from '../words/actions'
import { Secret } from '../page/Secret'

const offered = ['*', ...new Set(Object.keys(known).map((a) => `${a.split('.')[0]}.*`)), ...Object.keys(known)]

/** What a webhook is made of; a new one has its secret shown once. */
export function WebhookForm({ webhook, onClose }: { webhook?: Schemas['WebhookView']; onClose: () => void }) {
  const [draft, setDraft] = useState({ name: webhook?.name ?? '', url: webhook?.url ?? '', actions: webhook?.actions ?? ['request.*'] })
  const set = (part: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...part }))
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: async () => {
      if (!webhook) return (await held(api.POST('/v1/webhooks', { body: draft }))).secret
      await held(api.PUT('/v1/webhooks/{id}', { params: { path: { id: webhook.id } }, body: { ...draft, active: webhook.active } }))
      return undefined
    },
    onSuccess: (secret) => {
      void queries.invalidateQueries({ queryKey: ['webhooks'] })
      if (!secret) onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={webhook ? `Change ${webhook.name}` : 'Add a webhook'} closeButtonProps={{ 'aria-label': 'Close' }} closeOnClickOutside={!save.data}>
      {save.data ? <Secret secret={save.data} onClose={onClose}>This is the secret that signs each event (Standard Webhooks). It is shown only now; put it where the program finds it.</Secret> : (
        <form onSubmit={(e) => { e.preventDefault(); save.mutate() }}>
          <TextInput label="Name" description="What it is for." required data-autofocus maxLength={100} value={draft.name} onChange={(e) => set({ name: e.currentTarget.value })} />
          <TextInput mt="sm" label="Address" description="An https address on the open network." type="url" required maxLength={2000} value={draft.url} onChange={(e) => set({ url: e.currentTarget.value })} />
          <TagsInput mt="sm" label="Events" description="request.closed for one action, request.* for all of a kind, * for everything." data={offered} maxTags={50} limit={60} value={draft.actions} onChange={(actions) => set({ actions })} />
          {save.error && <Failure error={save.error} />}
          <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Discard</Button><Button type="submit" disabled={draft.actions.length === 0} loading={save.isPending}>{webhook ? 'Save the webhook' : 'Add the webhook'}</Button></Group>
        </form>
      )}
    </Modal>
  )
}
