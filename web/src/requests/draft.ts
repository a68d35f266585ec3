import type { Schemas } from '../api/client'

export interface Draft {
  email: string
  name: string
  phone: string
  customer: string
  /** What is asked for; the first is the request's own right. */
  rights: string[]
  /** Of a restriction. */
  ground: string
  /** What an objection is against. */
  objected: string[]
  /** What an opt-out is of; nothing is everything. */
  optedOut: string[]
  /** The automated decision that a human is to look at. */
  contest: { decision: string; taken: string; effect: string; view: string }
  regime?: string
  channel: string
  received: string
  backdate: string
  details: string
}

export const emptyDraft: Draft = { email: '', name: '', phone: '', customer: '', rights: [], ground: '', objected: [], optedOut: [], contest: { decision: '', taken: '', effect: '', view: '' }, channel: 'email', received: '', backdate: '', details: '' }

type Ask = Schemas['AlsoAsk']

const filled = (text: string) => text.trim() || undefined

/** What a right turns on, as it was said. */
function asked(d: Draft, right: string): Ask {
  const against = { objection: d.objected, opt_out: d.optedOut }[right] ?? []
  const { contest } = d
  if (right === 'automated_decision') return { right, contest: { decision: contest.decision.trim(), taken: filled(contest.taken), effect: filled(contest.effect), view: filled(contest.view) } }
  return { right: right as Ask['right'], ...(right === 'restriction' ? { ground: d.ground as Ask['ground'] } : {}), ...(against.length > 0 ? { against: against as Ask['against'] } : {}) }
}

/** What is still to be said before it can be filed. */
export function missing(d: Draft): 'rights' | 'ground' | 'objected' | 'contest' | undefined {
  if (d.rights.length === 0) return 'rights'
  if (d.rights.includes('restriction') && !d.ground) return 'ground'
  if (d.rights.includes('automated_decision') && !d.contest.decision.trim()) return 'contest'
  return d.rights.includes('objection') && d.objected.length === 0 ? 'objected' : undefined
}

export function toBody(d: Draft): Schemas['CreateRequestBody'] {
  const [first = '', ...also] = d.rights
  return {
    person: { email: d.email.trim(), name: filled(d.name), phone: filled(d.phone), customer_id: filled(d.customer) },
    ...asked(d, first),
    ...(also.length > 0 ? { also: also.map((right) => asked(d, right)) } : {}),
    channel: d.channel as Schemas['CreateRequestBody']['channel'],
    regime: d.regime,
    details: filled(d.details),
    ...(d.received ? { received_at: new Date(d.received).toISOString(), backdate_reason: filled(d.backdate) } : {}),
  }
}
