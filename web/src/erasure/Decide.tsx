import { Button, Group, Modal, Radio, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held } from '../api/client'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import { decisions } from '../words/erasures'
import { addressOf, decisionsOn, undecided } from './plan'
import type { Decision, Erasure, Line } from './queries'

type Kind = Decision['kind']

const explained: Record<Kind, string> = {
  keep: 'Nothing in this collection is changed. The letter to the person names the rule.',
  claim: 'Rows that the person’s only point at are treated as the person’s. Make sure that they are nobody else’s.',
  accept: 'The plan goes on as it is, and what it cannot do stays.',
}

/** The decisions that a collection leaves open. */
function openOn(e: Erasure, l: Line): Kind[] {
  const taken = decisionsOn(e, l).map((d) => d.kind)
  const open: Kind[] = ['keep']
  if (l.rows.others > 0 && !l.claimed) open.push('claim')
  if (undecided(e, l)) open.push('accept')
  return open.filter((k) => !taken.includes(k))
}

/** Asks what is decided on a collection, and why. */
export function Decide({ request, erasure, line, onClose }: { request: string; erasure: Erasure; line: Line; onClose: () => void }) {
  const kinds = openOn(erasure, line)
  const [kind, setKind] = useState<Kind | undefined>(kinds.length === 1 ? kinds[0] : undefined)
  const [citation, setCitation] = useState('')
  const [reason, setReason] = useState('')
  const [key, setKey] = useState(newKey)
  const queries = useQueryClient()
  const decide = useMutation({
    mutationFn: (kind: Kind) => held(api.POST('/v1/requests/{id}/erasure/decisions', {
      params: { path: { id: request }, header: { 'Idempotency-Key': key } },
      body: { kind, dataset: line.dataset, collection: line.collection, reason: reason.trim(), ...(kind === 'keep' ? { citation: citation.trim() } : {}) },
    })),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['request', request] }); onClose() },
  })
  const changed = <T,>(set: (value: T) => void) => (value: T) => { set(value); setKey(newKey()); decide.reset() } // another act, so another key
  return (
    <Modal opened onClose={onClose} title={`Decide on ${addressOf(line)}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      {kinds.length === 0 && <p style={{ marginTop: 0 }}>Everything is decided here. Take a decision back to make another.</p>}
      {kinds.length > 0 && (
        <form onSubmit={(e) => { e.preventDefault(); if (kind) decide.mutate(kind) }}>
          <Radio.Group label="Decision" required value={kind ?? ''} onChange={(v) => changed(setKind)(v as Kind)}>
            {kinds.map((k) => <Radio key={k} mt="xs" size="sm" value={k} label={decisions[k]} description={explained[k]} />)}
          </Radio.Group>
          {kind === 'keep' && <TextInput mt="sm" label="The rule" description="As the letter names it: Art. 17(3)(e) GDPR" required maxLength={200} value={citation} onChange={(e) => changed(setCitation)(e.currentTarget.value)} />}
          <Textarea mt="sm" label="Why" description="For staff only: whoever approves reads it." required autosize minRows={2} maxRows={8} maxLength={2000} value={reason} onChange={(e) => changed(setReason)(e.currentTarget.value)} />
          <p className="dim">The plan is to be made anew after that, unless a problem is only accepted. Whoever decides does not approve the plan.</p>
          {decide.error && <Failure error={decide.error} />}
          <Group justify="flex-end" gap="xs" mt="md">
            <Button variant="default" onClick={onClose}>Leave it</Button>
            <Button type="submit" disabled={!kind} loading={decide.isPending}>{kind ? decisions[kind] : 'Choose a decision'}</Button>
          </Group>
        </form>
      )}
    </Modal>
  )
}
