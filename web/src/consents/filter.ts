import { fitting, type Fits } from '../page/search'

export interface FunnelFilter {
  /** Days, 2026-05-04, the last one in it. */
  from?: string
  to?: string
  purpose?: string
}

const day = (v: string) => /^\d{4}-\d{2}-\d{2}$/.test(v)
const fits: Fits<FunnelFilter> = { from: day, to: day, purpose: (v) => /^[a-z0-9][a-z0-9_-]{0,61}$/.test(v) }

/** Reads of which weeks and of which purpose sign-ups are wanted out of an address. */
export const readFunnelFilter = (search: Record<string, unknown>): FunnelFilter => fitting(search, fits)
