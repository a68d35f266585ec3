import { Button, Group, Modal, Select, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import { collectionsOf } from '../systems/outline'
import { redactionGrounds } from '../words/cases'
import type { Standing } from './commands/allowed'

interface Draft {
  system: string
  place: string
  field: string
  key_field: string
  key_value: string
  ground: string
  citation: string
  note: string
}

const separator = ' › '

/** Leaves a column or rows out of the answer. What can be named comes from the datasets of the system. */
export function AddRedaction({ at, onClose }: { at: Standing; onClose: () => void }) {
  const id = at.detail.id
  const [draft, setDraft] = useState<Draft>({ system: at.systems[0]?.system ?? '', place: '', field: '', key_field: '', key_value: '', ground: 'anothers_rights', citation: '', note: '' })
  const [key, setKey] = useState(newKey)
  const set = (part: Partial<Draft>) => { setDraft((old) => ({ ...old, ...part })); setKey(newKey()) }
  const places = usePlaces(draft.system, at)
  const fields = places.find((p) => p.value === draft.place)?.fields ?? []
  const queries = useQueryClient()
  const add = useMutation({
    mutationFn: () => held(api.POST('/v1/requests/{id}/redactions', { params: { path: { id }, header: { 'Idempotency-Key': key } }, body: toBody(draft) })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['looked-at', id, 'redactions'] })
      void queries.invalidateQueries({ queryKey: ['request', id] })
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title="Leave something out" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); add.mutate() }}>
        <Select label="System" required data={at.systems.map((s) => ({ value: s.system, label: s.name }))} value={draft.system} onChange={(v) => set({ system: v ?? '', place: '', field: '', key_field: '' })} />
        <Select mt="sm" label="Collection" required searchable data={places.map((p) => ({ value: p.value, label: p.value }))} value={draft.place || null} onChange={(v) => set({ place: v ?? '', field: '', key_field: '' })} />
        <Select mt="sm" label="Column" description="Leave it empty for whole rows." clearable allowDeselect searchable data={fields} value={draft.field || null} onChange={(v) => set({ field: v ?? '' })} />
        <Group grow mt="sm" align="end">
          <Select label="Only rows in which" clearable allowDeselect searchable required={!draft.field} data={fields} value={draft.key_field || null} onChange={(v) => set({ key_field: v ?? '' })} />
          <TextInput label="is" required={!draft.field || !!draft.key_field} maxLength={1000} value={draft.key_value} onChange={(e) => set({ key_value: e.currentTarget.value })} />
        </Group>
        <Select mt="sm" label="Why" required data={Object.entries(redactionGrounds).map(([value, label]) => ({ value, label }))} value={draft.ground} onChange={(v) => set({ ground: v ?? '' })} />
        {draft.ground === 'other' && <TextInput mt="sm" label="The rule" required maxLength={200} value={draft.citation} onChange={(e) => set({ citation: e.currentTarget.value })} />}
        <Textarea mt="sm" label="Explanation" description="It stands on the cover of the answer. Don't repeat what is taken out." autosize minRows={2} maxLength={2000} value={draft.note} onChange={(e) => set({ note: e.currentTarget.value })} />
        {add.error && <Failure error={add.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Discard</Button>
          <Button type="submit" loading={add.isPending}>Leave it out of the answer</Button>
        </Group>
      </form>
    </Modal>
  )
}

function toBody(d: Draft): Schemas['RedactionBody'] {
  const [dataset = '', collection = ''] = d.place.split(separator)
  const body = { system: d.system, dataset, collection, field: d.field, key_field: d.key_field, key_value: d.key_field ? d.key_value : '', ground: d.ground, citation: d.ground === 'other' ? d.citation : '', note: d.note.trim() }
  return Object.fromEntries(Object.entries(body).filter(([, v]) => v !== '')) as Schemas['RedactionBody']
}

/** The collections of a system with their columns, as its datasets describe them. */
function usePlaces(system: string, at: Standing) {
  const name = at.systems.find((s) => s.system === system)?.name
  const datasets = useQuery({ queryKey: ['datasets'], queryFn: () => held(api.GET('/v1/datasets')) })
  const keys = items(datasets.data).filter((d) => d.system === system || d.system === name).map((d) => d.key)
  const annotations = useQuery({
    queryKey: ['datasets', 'annotations', keys], enabled: keys.length > 0,
    queryFn: () => Promise.all(keys.map((key) => held(api.GET('/v1/datasets/{key}', { params: { path: { key } } })))),
  })
  return (annotations.data ?? []).flatMap((d) => collectionsOf(d.annotation).map((c) => ({ value: `${d.key}${separator}${c.name}`, fields: c.fields.map((f) => f.name) })))
}
