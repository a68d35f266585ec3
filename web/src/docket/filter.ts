import { obligations } from '../words/cases'

export interface BoardFilter {
  state?: 'open' | 'paused' | 'overdue'
  kind?: string
  /** A day, 2026-11-23: only what is due until its end. */
  until?: string
  cursor?: string
}

const boardStates = ['open', 'paused', 'overdue'] as const

export function readBoardFilter(search: Record<string, unknown>): BoardFilter {
  const filter: BoardFilter = {
    state: boardStates.find((s) => s === search.state),
    kind: typeof search.kind === 'string' && search.kind in obligations ? search.kind : undefined,
    until: typeof search.until === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(search.until) ? search.until : undefined,
    cursor: typeof search.cursor === 'string' && /^[\w-]{1,400}$/.test(search.cursor) ? search.cursor : undefined,
  }
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}
