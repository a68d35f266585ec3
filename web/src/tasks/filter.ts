import { roles } from '../words/cases'
import type { TaskFilter } from './queries'

export const taskKinds = ['review', 'identity_check', 'collection_failed', 'message'] as const

const fits: Record<keyof TaskFilter, (value: string) => boolean> = {
  kind: (v) => taskKinds.some((k) => k === v),
  role: (v) => v in roles,
  claimed: (v) => v === 'me' || v === 'nobody',
  order: (v) => v === 'oldest' || v === 'due',
  cursor: (v) => /^[\w-]{1,400}$/.test(v),
}

/** Reads the filter out of an address; what it does not know is left out. */
export function readTaskFilter(search: Record<string, unknown>): TaskFilter {
  return Object.fromEntries(Object.entries(search).filter(([k, v]) => typeof v === 'string' && fits[k as keyof TaskFilter]?.(v)))
}
