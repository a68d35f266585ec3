import type { paths } from '../api/schema'
import { fitting, token, type Fits } from '../page/search'
import { obligations, rights } from '../words/cases'

type Query = NonNullable<paths['/v1/obligations']['get']['parameters']['query']>

export interface BoardFilter extends Pick<Query, 'state' | 'kind' | 'right' | 'regime' | 'system' | 'assignee' | 'cursor'> {
  /** A day, 2026-11-23: only what is due until its end. */
  until?: string
}

const fits: Fits<BoardFilter> = {
  state: (v) => ['open', 'paused', 'overdue'].includes(v),
  kind: (v) => v in obligations,
  right: (v) => v in rights,
  regime: token,
  system: token,
  assignee: token,
  until: (v) => /^\d{4}-\d{2}-\d{2}$/.test(v),
  cursor: token,
}

/** Reads the filter out of an address; what it does not know is left out. */
export function readBoardFilter(search: Record<string, unknown>): BoardFilter {
  return fitting(search, fits)
}
