import { rights, states } from '../words/cases'

export interface RequestFilter {
  state?: string
  right?: string
  regime?: string
  assignee?: string
  cursor?: string
}

const codes = (of: Record<string, string>) => (value: unknown) => (typeof value === 'string' && value in of ? value : undefined)
const token = (value: unknown) => (typeof value === 'string' && /^[\w-]{1,400}$/.test(value) ? value : undefined)

/** Reads the filter out of an address; what it does not know is left out. */
export function readRequestFilter(search: Record<string, unknown>): RequestFilter {
  const filter: RequestFilter = {
    state: codes(states)(search.state),
    right: codes(rights)(search.right),
    regime: token(search.regime),
    assignee: token(search.assignee),
    cursor: token(search.cursor),
  }
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}
