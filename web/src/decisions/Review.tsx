import { Button, Group, Modal, Radio, Textarea } from '@mantine/core'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { reviewOutcomes } from '../words/decisions'
import { useDecision } from './useDecision'

type Body = Schemas['HumanReviewBody']
type Part = 'considered' | 'data' | 'reasons'

const parts: [part: Part, label: string, explained: string, most: number][] = [
  ['considered', 'How you considered the person’s view', 'For the file. Take up what they wrote, point by point.', 4000],
  ['data', 'Which data the decision used', 'For the file. Say what it rested on, and whether that was right and up to date.', 4000],
  ['reasons', 'The reasons', 'The person reads this as it stands: in plain words, and of a changed decision what holds now.', 10000],
]

const outcomes: [outcome: Body['outcome'], explained: string][] = [
  ['upheld', 'You come to the same. The person is told why, and where they can turn.'],
  ['changed', 'Another decision takes its place: carry it out where the first was taken.'],
  ['annulled', 'It has no effect any more: undo what it did where it was taken.'],
]

/** Puts on record what a human came to who looked at the decision, Art. 22(3) GDPR. */
export function Review({ request, view, onClose }: { request: string; view?: string; onClose: () => void }) {
  const [words, setWords] = useState<Record<Part, string>>({ considered: '', data: '', reasons: '' })
  const [outcome, setOutcome] = useState<Body['outcome']>()
  const { doing, changed } = useDecision(request, (key) => held(api.POST('/v1/requests/{id}/decision/reviews', {
    params: { path: { id: request }, header: { 'Idempotency-Key': key } }, body: { ...words, outcome: outcome ?? 'upheld' },
  })), onClose)
  const whole = !!outcome && Object.values(words).every((w) => w.trim() !== '')
  return (
    <Modal opened onClose={onClose} title="Record your review" size={680} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (whole) doing.mutate() }}>
        <p style={{ marginTop: 0 }}>You look at the decision yourself and can change it: a look that only confirms the machine is none (Art. 22(3) GDPR). Nobody is told before you answer with it.{!view && ' The person gave no view of it; ask them if you need it.'}</p>
        <Radio.Group label="What it comes to" required value={outcome ?? ''} onChange={(v) => changed(setOutcome)(v as Body['outcome'])}>
          {outcomes.map(([value, explained]) => <Radio key={value} mt="xs" size="sm" value={value} label={reviewOutcomes[value]} description={explained} />)}
        </Radio.Group>
        {parts.map(([part, label, explained, most]) => (
          <Textarea key={part} mt="sm" label={label} description={explained} required autosize minRows={2} maxRows={8} maxLength={most}
            value={words[part]} onChange={(e) => changed(setWords)({ ...words, [part]: e.currentTarget.value })} />
        ))}
        {doing.error && <Failure error={doing.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Discard</Button>
          <Button type="submit" disabled={!whole} loading={doing.isPending}>Put it on record</Button>
        </Group>
      </form>
    </Modal>
  )
}
