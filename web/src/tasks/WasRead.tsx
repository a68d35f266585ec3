import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'

import { correctionsQuery } from '../corrections/queries'
import { inShort as correctionsInShort } from '../corrections/standing'
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
  return props.task.kind === 'correction' ? <CorrectionsRead {...props} /> : <PlanRead {...props} />
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

function Sum({ of, task, value, set, now }: Props & { of: Readable; now?: { sha256: string; short: string } }) {
  useEffect(() => { if (now && value === '') set(now.sha256) }, [now, value, set])
  if (!now || value === '') return null
  return <AsRead of={of} request={task.request_id} read={value} now={now} onRead={() => set(now.sha256)} />
}
