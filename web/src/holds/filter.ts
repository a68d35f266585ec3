import { fitting, token, type Fits } from '../page/search'

export interface HoldFilter {
  /** Also those that were lifted. */
  lifted?: 'yes'
  cursor?: string
}

const fits: Fits<HoldFilter> = { lifted: (v) => v === 'yes', cursor: token }

/** Reads the filter out of an address; what it does not know is left out. */
export function readHoldFilter(search: Record<string, unknown>): HoldFilter {
  return fitting(search, fits)
}
