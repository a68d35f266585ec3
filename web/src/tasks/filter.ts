import { fitting, token, type Fits } from '../page/search'
import { roles } from '../words/cases'
import type { TaskFilter } from './queries'

export const taskKinds = ['review', 'identity_check', 'collection_failed', 'message', 'plan_review', 'approval', 'erasure_failed', 'decision', 'amendment_failed', 'correction', 'appeal', 'human_review', 'inquiry', 'sent_document'] as const

const fits: Fits<TaskFilter> = {
  kind: (v) => taskKinds.some((k) => k === v),
  role: (v) => v in roles,
  claimed: (v) => v === 'me' || v === 'nobody',
  order: (v) => v === 'oldest' || v === 'due',
  cursor: token,
}

/** Reads the filter out of an address; what it does not know is left out. */
export function readTaskFilter(search: Record<string, unknown>): TaskFilter {
  return fitting(search, fits)
}
