import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'

import { correctionsQuery } from '../corrections/queries'
import { inShort as correctionsInShort } from '../corrections/standing'
import { decisionQuery } from '../decisions/queries'
import { inShort as reviewInShort, newest } from '../decisions/standing'
import { inShort } from '../erasure/plan'
import { erasureQuery } from '../erasure/queries'
import { AsRead, type Readable } from '../request/AsRead'
import type { Task } from './useClaim'

interface Props {
  task: Task
  value: string
  set: (value: string) => void
}

/** The check sum of what is decided on: of what stood here when the decision was chosen. */
export function WasRead(props: Props) {
  switch (props.task.kind) {
    case 'correction': return <CorrectionsRead {...props} />
    case 'human_review': return <ReviewRead {...props} />
    default: return <PlanRead {...props} />
  }
}

function PlanRead({ task, value, set }: Props) {
  const plan = useQuery(erasureQuery(task.request_id)).data
  return <Sum of="plan" task={task} value={value} set={set} now={plan ? { sha256: plan.sha256, short: inShort(plan) } : undefined} />
}

/** Of corrections it is there once they were asked for: looking at them is recorded. */
function CorrectionsRead({ task, value, set }: Props) {
  const corrections = useQuery({ ...correctionsQuery(task.request_id), enabled: false }).data
  if (!corrections) return <p role="status" style={{ margin: 0 }}>Look at the corrections first: what is written is what you have read.</p>
  return <Sum of="corrections" task={task} value={value} set={set} now={{ sha256: corrections.sha256, short: correctionsInShort(corrections) }} />
}

/** Of a review it is there once the decision was asked for: looking at it is recorded. */
function ReviewRead({ task, value, set }: Props) {
  const contested = useQuery({ ...decisionQuery(task.request_id), enabled: false }).data
  const review = newest(contested)
  if (!contested || !review) return <p role="status" style={{ margin: 0 }}>{contested ? 'Put your review on record first.' : 'Look at the decision first: what you answer with is what you have read.'}</p>
  return <Sum of="review" task={task} value={value} set={set} now={{ sha256: review.sha256, short: reviewInShort(contested) }} />
}

function Sum({ of, task, value, set, now }: Props & { of: Readable; now?: { sha256: string; short: string } }) {
  useEffect(() => { if (now && value === '') set(now.sha256) }, [now, value, set])
  if (!now || value === '') return null
  return <AsRead of={of} request={task.request_id} read={value} now={now} onRead={() => set(now.sha256)} />
}
