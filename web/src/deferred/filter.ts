import { fitting, token, type Fits } from '../page/search'

export interface DeferredFilter {
  /** Also what is done. */
  done?: 'yes'
  /** Only what the erasure of this request left. */
  request?: string
  cursor?: string
}

const fits: Fits<DeferredFilter> = { done: (v) => v === 'yes', request: (v) => /^[0-9a-f-]{36}$/.test(v), cursor: token }

/** Reads the filter out of an address; what it does not know is left out. */
export function readDeferredFilter(search: Record<string, unknown>): DeferredFilter {
  return fitting(search, fits)
}
