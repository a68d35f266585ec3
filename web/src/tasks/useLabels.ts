import { useQuery } from '@tanstack/react-query'

import type { Schemas } from '../api/client'
import { requestQuery } from '../request/queries'
import { workOf } from '../words/cases'
import type { Task } from './useClaim'

// What the server's words mean for single kinds of work: of a system that could not be counted for an erasure no answer is made.
const labels: Record<string, Record<string, string>> = {
  'erasure collection_failed': { retry: 'Count in the system again', exclude: 'Leave the system to a person, who erases there by hand' },
  'corrections collection_failed': { retry: 'Read the system again', exclude: 'Go on without the system: nothing is corrected there' },
  'corrections amendment_failed': { retry: 'Write in the system again' },
}

/** The words of a task's decisions. */
export function useLabels(task: Task): (d: Schemas['Decision']) => string {
  const request = useQuery({ ...requestQuery(task.request_id), enabled: task.kind === 'collection_failed' || task.kind === 'amendment_failed' })
  return (d) => (request.data && labels[`${workOf(request.data.right)} ${task.kind}`]?.[d.decision]) ?? d.label
}
