import type { paths } from '../api/schema'
import { fitting, moment, token, type Fits } from '../page/search'
import { actions } from '../words/actions'

type Query = NonNullable<paths['/v1/audit/events']['get']['parameters']['query']>

/** What the log is searched by, as the API names it. */
export type AuditFilter = Omit<Query, 'limit'>

export const outcomes = { refused: 'Refused', failed: 'Failed', intent: 'Begun, with its end on a line of its own' }

/** Reads the search out of an address; what it does not know is left out. */
export function readAuditFilter(search: Record<string, unknown>): AuditFilter {
  const fits: Fits<AuditFilter> = {
    action: (v) => v in actions, actor_id: token, request: token, object_id: (v) => /^[\w.:-]{1,128}$/.test(v), outcome: (v) => v in outcomes, from: moment, before: moment, cursor: token,
  }
  return fitting(search, fits)
}

/** Whether it is searched for anything: the place in the list is not what it holds. */
export function searched(filter: AuditFilter): boolean {
  return Object.keys(filter).some((key) => key !== 'cursor')
}
