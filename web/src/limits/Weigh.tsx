import { Button, Group, Modal, Radio, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import { balanceOutcomes } from '../words/limits'

type Body = Schemas['BalanceBody']
type Part = Exclude<keyof Body, 'outcome' | '$schema'>

const parts: [part: Part, label: string, explained: string][] = [
  ['interest', 'Interest', 'What you want with the data, and what makes that compelling: being useful is not enough.'],
  ['necessity', 'Necessity', 'Why it can’t be had with less data, in another way, or without this person’s.'],
  ['impact', 'Impact', 'What it means for this person in their particular situation: start from the reasons they gave.'],
  ['safeguards', 'Safeguards', 'What is done to soften that: less data, kept shorter, a person who looks.'],
]

const outcomes: [outcome: Body['outcome'], explained: string][] = [
  ['person_prevails', 'Nothing compelling stands against the person: the objection is granted.'],
  ['grounds_override', 'Compelling legitimate grounds override the person’s interests, rights and freedoms, or legal claims need it: the objection can be refused.'],
]

/** Puts a balance test on record, Art. 21(1) GDPR. */
export function Weigh({ request, onClose }: { request: string; onClose: () => void }) {
  const [words, setWords] = useState<Record<Part, string>>({ interest: '', necessity: '', impact: '', safeguards: '' })
  const [outcome, setOutcome] = useState<Body['outcome']>()
  const [key, setKey] = useState(newKey)
  const queries = useQueryClient()
  const record = useMutation({
    mutationFn: (outcome: Body['outcome']) => held(api.POST('/v1/requests/{id}/balance-tests', { params: { path: { id: request }, header: { 'Idempotency-Key': key } }, body: { ...words, outcome } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['request', request] })
      onClose()
    },
  })
  const changed = <T,>(set: (value: T) => void) => (value: T) => { set(value); setKey(newKey()); record.reset() } // another act, so another key
  const whole = outcome && Object.values(words).every((w) => w.trim() !== '')
  return (
    <Modal opened onClose={onClose} title="Weigh the grounds" size={680} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (whole) record.mutate(outcome) }}>
        <p style={{ marginTop: 0 }}>Whoever objects need not prove anything: you show grounds that override, or the use ends (Art. 21(1) GDPR). What you write is kept with the request, and can be weighed again until it is decided.</p>
        {parts.map(([part, label, explained]) => (
          <Textarea key={part} mt="sm" label={label} description={explained} required autosize minRows={2} maxRows={8} maxLength={4000} data-autofocus={part === 'interest' || undefined}
            value={words[part]} onChange={(e) => changed(setWords)({ ...words, [part]: e.currentTarget.value })} />
        ))}
        <Radio.Group mt="sm" label="What it comes to" required value={outcome ?? ''} onChange={(v) => changed(setOutcome)(v as Body['outcome'])}>
          {outcomes.map(([value, explained]) => <Radio key={value} mt="xs" size="sm" value={value} label={balanceOutcomes[value]} description={explained} />)}
        </Radio.Group>
        {record.error && <Failure error={record.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Discard</Button>
          <Button type="submit" disabled={!whole} loading={record.isPending}>Put it on record</Button>
        </Group>
      </form>
    </Modal>
  )
}
