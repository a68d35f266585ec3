import type { TaskFilter } from './queries'

export const taskKinds = ['review', 'identity_check', 'collection_failed', 'message'] as const

export function readTaskFilter(search: Record<string, unknown>): TaskFilter {
  const filter: TaskFilter = {
    kind: taskKinds.find((k) => k === search.kind),
    cursor: typeof search.cursor === 'string' && /^[\w-]{1,400}$/.test(search.cursor) ? search.cursor : undefined,
  }
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}
