import { Button, Group, Modal, Radio, Select, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held } from '../api/client'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import { notToldReasons } from '../words/erasures'
import { recipientsQuery, type Recipient } from './queries'

type State = 'told' | 'confirmed' | 'not_told'

const labels: Record<State, string> = { told: 'It was told', confirmed: 'It has confirmed that it followed', not_told: 'It is not told' }

/** What can be said next of each state; the server holds to the same. */
const next: Record<string, State[]> = { to_tell: ['told', 'confirmed', 'not_told'], told: ['confirmed'], not_told: ['told', 'confirmed'] }

/** Puts on record how far a recipient was told of what was done. A request that is forgotten keeps no notes. */
export function Tell({ request, recipient, noNotes = false, onClose }: { request: string; recipient: Recipient; noNotes?: boolean; onClose: () => void }) {
  const states = next[recipient.state] ?? []
  const [state, setState] = useState<State | undefined>(states.length === 1 ? states[0] : undefined)
  const [reason, setReason] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const [key, setKey] = useState(newKey)
  const queries = useQueryClient()
  const tell = useMutation({
    mutationFn: (state: State) => held(api.POST('/v1/requests/{id}/recipients/{recipient}', {
      params: { path: { id: request, recipient: recipient.id }, header: { 'Idempotency-Key': key } },
      body: { state, ...(noNotes ? {} : { note: note.trim() }), ...(state === 'not_told' && reason ? { reason: reason as 'impossible' | 'disproportionate' } : {}) },
    })),
    onSuccess: (list) => {
      queries.setQueryData(recipientsQuery(request).queryKey, list.items ?? [])
      void queries.invalidateQueries({ queryKey: ['request', request] })
      onClose()
    },
  })
  const changed = <T,>(set: (value: T) => void) => (value: T) => { set(value); setKey(newKey()); tell.reset() } // another act, so another key
  return (
    <Modal opened onClose={onClose} title={`How far ${recipient.recipient} was told`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (state) tell.mutate(state) }}>
        <Radio.Group label="How it stands" required value={state ?? ''} onChange={(v) => changed(setState)(v as State)}>
          {states.map((s) => <Radio key={s} mt="xs" size="sm" value={s} label={labels[s]} />)}
        </Radio.Group>
        {state === 'not_told' && <Select mt="sm" label="Why not" description="The two reasons that Art. 19 GDPR accepts." required data={Object.entries(notToldReasons).map(([value, label]) => ({ value, label }))} value={reason} onChange={changed(setReason)} />}
        {!noNotes && <Textarea mt="sm" label="Note for the file" description={state === 'not_told' ? 'What makes it so. For staff only.' : 'By whom and how. For staff only.'} required autosize minRows={2} maxRows={8} maxLength={2000} value={note} onChange={(e) => changed(setNote)(e.currentTarget.value)} />}
        {tell.error && <Failure error={tell.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" disabled={!state || (!noNotes && note.trim() === '') || (state === 'not_told' && !reason)} loading={tell.isPending}>Put it on record</Button>
        </Group>
      </form>
    </Modal>
  )
}
