import type { paths } from '../api/schema'
import { obligations, rights } from '../words/cases'

type Query = NonNullable<paths['/v1/obligations']['get']['parameters']['query']>

export interface BoardFilter extends Pick<Query, 'state' | 'kind' | 'right' | 'regime' | 'system' | 'assignee' | 'cursor'> {
  /** A day, 2026-11-23: only what is due until its end. */
  until?: string
}

const token = /^[\w-]{1,400}$/

const fits: Record<keyof BoardFilter, (value: string) => boolean> = {
  state: (v) => ['open', 'paused', 'overdue'].includes(v),
  kind: (v) => v in obligations,
  right: (v) => v in rights,
  regime: (v) => token.test(v),
  system: (v) => token.test(v),
  assignee: (v) => token.test(v),
  until: (v) => /^\d{4}-\d{2}-\d{2}$/.test(v),
  cursor: (v) => token.test(v),
}

/** Reads the filter out of an address; what it does not know is left out. */
export function readBoardFilter(search: Record<string, unknown>): BoardFilter {
  return Object.fromEntries(Object.entries(search).filter(([k, v]) => typeof v === 'string' && fits[k as keyof BoardFilter]?.(v)))
}
