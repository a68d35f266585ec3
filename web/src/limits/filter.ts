import type { paths } from '../api/schema'
import { fitting, token, type Fits } from '../page/search'
import { limitKinds } from '../words/limits'

type Query = NonNullable<NonNullable<paths['/v1/limits']['get']['parameters']['query']>>

export interface LimitFilter {
  kind?: NonNullable<Query['kind']>
  /** Also those that were lifted. */
  lifted?: 'yes'
  cursor?: string
}

const fits: Fits<LimitFilter> = { kind: (v) => v in limitKinds, lifted: (v) => v === 'yes', cursor: token }

/** Reads the filter out of an address; what it does not know is left out. */
export function readLimitFilter(search: Record<string, unknown>): LimitFilter {
  return fitting(search, fits)
}
