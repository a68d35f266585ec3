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
  regime?: string
  channel: string
  received: string
  backdate: string
  details: string
}

export const emptyDraft: Draft = { email: '', name: '', phone: '', customer: '', rights: [], ground: '', objected: [], optedOut: [], channel: 'email', received: '', backdate: '', details: '' }

type Ask = Schemas['AlsoAsk']

/** What a right turns on, as it was said. */
function asked(d: Draft, right: string): Ask {
  const against = { objection: d.objected, opt_out: d.optedOut }[right] ?? []
  return { right: right as Ask['right'], ...(right === 'restriction' ? { ground: d.ground as Ask['ground'] } : {}), ...(against.length > 0 ? { against: against as Ask['against'] } : {}) }
}

/** What is still to be said before it can be filed. */
export function missing(d: Draft): 'rights' | 'ground' | 'objected' | undefined {
  if (d.rights.length === 0) return 'rights'
  if (d.rights.includes('restriction') && !d.ground) return 'ground'
  return d.rights.includes('objection') && d.objected.length === 0 ? 'objected' : undefined
}

const filled = (text: string) => text.trim() || undefined

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
