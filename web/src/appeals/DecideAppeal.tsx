import { Button, Group, Modal, Radio, Textarea } from '@mantine/core'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import type { Appeal } from './queries'
import { useAppeal } from './useAppeal'

type Decision = Schemas['AppealDecision']['decision']

const decisions: [Decision, string, string][] = [
  ['granted', 'Grant it', 'The answer was wrong. The request is taken up again, owed from its first receipt, and the person is told.'],
  ['denied', 'Deny it', 'The answer stays as it is. The person is told why, and where they can turn now.'],
  ['withdrawn', 'It was taken back', 'The person said so. No letter goes out.'],
]

/** Asks what becomes of an appeal, and for the words that the person reads. Whoever gave the answer that it is against can't. */
export function DecideAppeal({ request, appeal, onClose }: { request: string; appeal: Appeal; onClose: () => void }) {
  const [decision, setDecision] = useState<Decision>()
  const [explanation, setExplanation] = useState('')
  const { doing, changed } = useAppeal(request, (key) => held(api.POST('/v1/requests/{id}/appeals/{appeal}/decide', {
    params: { path: { id: request, appeal: appeal.id }, header: { 'Idempotency-Key': key } }, body: { decision: decision ?? 'denied', explanation: explanation.trim() },
  })), onClose)
  const whole = !!decision && explanation.trim() !== ''
  return (
    <Modal opened onClose={onClose} title={`Decide on the ${appeal.kind}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (whole) doing.mutate() }}>
        <Radio.Group label="What comes of it" required value={decision ?? ''} onChange={(v) => changed(setDecision)(v as Decision)}>
          {decisions.map(([value, label, explained]) => <Radio key={value} mt="xs" size="sm" value={value} label={label} description={explained} />)}
        </Radio.Group>
        <Textarea mt="sm" label="Why" description={decision === 'withdrawn' ? 'How the person said so. For staff only.' : 'It is written into the letter as it stands.'} required autosize minRows={3} maxRows={10} maxLength={10000} value={explanation} onChange={(e) => changed(setExplanation)(e.currentTarget.value)} />
        {doing.error && <Failure error={doing.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" color={decision === 'denied' ? 'red.8' : undefined} disabled={!whole} loading={doing.isPending}>{decisions.find(([d]) => d === decision)?.[1] ?? 'Choose what comes of it'}</Button>
        </Group>
      </form>
    </Modal>
  )
}
