import type { paths } from '../api/schema'
import { fitting, moment, token, type Fits } from '../page/search'
import { outcomes, rights, states } from '../words/cases'

type Query = NonNullable<paths['/v1/requests']['get']['parameters']['query']>

/** What the list is narrowed by, as the API names it: the figures of a report lead here with the filters that the API gives. */
export type RequestFilter = Omit<Query, 'limit' | 'assignee_id'>

const yesNo = (v: string) => v === 'yes' || v === 'no'
const fits: Fits<RequestFilter> = {
  state: (v) => v in states,
  open: yesNo,
  right: (v) => v in rights,
  regime: token,
  assignee: token,
  outcome: (v) => v in outcomes,
  reason: token,
  on_time: yesNo,
  duplicates: yesNo,
  extended: yesNo,
  overdue: (v) => v === 'yes',
  received_from: moment,
  received_before: moment,
  closed_from: moment,
  closed_before: moment,
  order: (v) => v === 'newest' || v === 'due',
  cursor: token,
}

/** Reads the filter out of an address; what it does not know is left out. */
export function readRequestFilter(search: Record<string, unknown>): RequestFilter {
  return fitting(search, fits)
}

/** A filter as the API gives it with a figure: open=yes&right=access. */
export function filterOf(query: string): RequestFilter {
  return readRequestFilter(Object.fromEntries(new URLSearchParams(query)))
}

/** Whether a list is narrowed at all: its order and the place in it are not what it holds. */
export function narrowed(filter: RequestFilter): boolean {
  return Object.keys(filter).some((key) => key !== 'cursor' && key !== 'order')
}
