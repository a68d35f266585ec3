import { api, held, type Schemas } from '../api/client'
import { asProblem } from '../api/problem'
import type { Answer, Person, Purpose, Who } from './queries'

/** A moment of the past that is asked about, and as far as what was known at another. */
export interface Then {
  at?: string
  known?: string
}

/** What came of looking somebody up. */
export interface Found {
  who: Who
  then: Then
  /** Missing where the ledger knows nothing of the address. */
  person?: Person
  /** Whether they may be written to, by purpose and channel. */
  answers: Record<string, Answer>
  limits?: Schemas['UseDecision']
}

export const placeOf = (purpose: string, channel: string) => `${purpose} ${channel}`

/** How the register names an address of a kind. */
export function personOf({ address, channel }: Who): Schemas['UseInBody']['person'] {
  if (channel === 'email') return { email: address }
  return channel === 'sms' || channel === 'phone' ? { phone: address } : { customer_id: address }
}

/**
 * Reads the ledger of an address, which is put on record, and asks for each of its purposes whether they may be written to. A moment is asked about with what
 * was known then; where another is named the laws are left out, for they answer by what was known at the moment itself.
 */
export async function lookUp(who: Who, then: Then, purposes: Purpose[], mayUse: boolean): Promise<Found> {
  const person = await read(who, then)
  const answers: Record<string, Answer> = {}
  const used = new Set(purposes.filter((p) => !p.retired_at).map((p) => p.key))
  const asked = person && !then.known ? person.consents.filter((c) => used.has(c.purpose)) : []
  const limits = mayUse ? held(api.POST('/v1/use-checks', { body: { person: personOf(who), purpose: 'direct_marketing' } })) : undefined
  const [all] = await Promise.all([
    Promise.all(asked.map((c) => held(api.POST('/v1/consent/check', { body: { address: who.address, purpose: c.purpose, channel: c.channel as Who['channel'], ...(then.at ? { as_of: then.at } : {}) } })))),
    limits,
  ])
  asked.forEach((c, i) => { const a = all[i]; if (a) answers[placeOf(c.purpose, c.channel)] = a })
  return { who, then, person, answers, limits: await limits }
}

async function read(who: Who, then: Then): Promise<Person | undefined> {
  try {
    return await held(api.POST('/v1/consent/person', { body: { ...who, ...(then.at ? { at: then.at } : {}), ...(then.known ? { known: then.known } : {}) } }))
  } catch (error) {
    if (asProblem(error).status === 404) return undefined
    throw error
  }
}
