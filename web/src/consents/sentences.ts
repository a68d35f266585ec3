import { dayOf, exactly } from '../time/moment'
import { channels, frequencies, happened, reasons, relations } from '../words/consents'
import { limitKinds } from '../words/limits'
import { plain, word } from '../words/words'
import type { Answer, Line, Standing } from './queries'

/** A date of the calendar in words: 14 Mar 2027. */
export const dateOf = (date: string) => dayOf(`${date}T12:00:00Z`, 'UTC')

/** A moment by the clock that it was read from; one that this browser does not know is told in UTC. */
export function exactlyBy(at: string, zone: string): string {
  try {
    return exactly(at, zone)
  } catch {
    return exactly(at, 'UTC')
  }
}

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** A thing on which consent is implied, with its article. */
export const relationWord = (kind: string) => relations[kind] ?? plain(kind).toLowerCase()

/** Whether somebody may be written to, in a few words; then is true of a moment that is past. */
export function verdictWords(a: Answer, channel: string, then: boolean): string {
  const done = channel === 'phone' ? 'called' : 'written to'
  if (!a.allowed) return then ? `Could not be ${done}` : `May not be ${done}`
  const may = then ? `Could be ${done}` : `May be ${done}`
  return a.until ? `${may} until ${dateOf(a.until)}` : may
}

/** What the answer rests on, with its day where there is one, and the law. */
export function becauseWords(a: Answer, s: Standing | undefined, zone: string): string {
  const law = a.citation ? `, ${a.citation}` : ''
  return `${upper(ground(a, s, zone))}${law}`
}

function ground(a: Answer, s: Standing | undefined, zone: string): string {
  const on = (at: string | undefined, said: string) => (at ? `${said} on ${dayOf(at, zone)}` : word(reasons, a.reason))
  switch (a.reason) {
    case 'confirmed': return on(s?.confirmed_at, 'agreed, and confirmed it')
    case 'express': return on(s?.given_at, 'agreed')
    case 'withdrawn': return on(s?.withdrawn_at, 'withdrew')
    case 'unconfirmed': return on(s?.given_at, 'agreed, not confirmed yet, ')
    case 'paused': return a.paused_until ? `wants nothing before ${dateOf(a.paused_until)}` : word(reasons, a.reason)
    case 'barred': return `${a.bar === 'suppression' ? 'they were erased' : `a limit stands against it: ${word(limitKinds, a.bar).toLowerCase()}`}`
    case 'implied': case 'relation_in_force': case 'soft_opt_in': case 'window_over': return `${word(reasons, a.reason)}${restsOn(s)}`
    default: return word(reasons, a.reason)
  }
}

function restsOn(s: Standing | undefined): string {
  const all = s?.relations.map((r) => relationWords(r)) ?? []
  return all.length > 0 ? ` (${all.join('; ')})` : ''
}

/** a purchase on 14 Mar 2025; a membership since 1 Jan 2026. */
export function relationWords(r: Standing['relations'][number]): string {
  return `${relationWord(r.kind)} ${r.in_force ? 'since' : 'on'} ${dateOf(r.day)}`
}

/** What stands in the ledger, without the law. */
export function standingWords(s: Standing, zone: string): string {
  const parts = [
    s.withdrawn_at && `withdrew on ${dayOf(s.withdrawn_at, zone)}`, s.given_at && `agreed on ${dayOf(s.given_at, zone)}`, s.confirmed_at && `confirmed on ${dayOf(s.confirmed_at, zone)}`,
    s.requested_at && `signed up on ${dayOf(s.requested_at, zone)}, not confirmed`, ...s.relations.map((r) => relationWords(r)),
    s.address_found && `the address was ${s.address_found === 'published' ? 'published' : 'given to us'}`, s.implied_until && `implied consent alone holds until ${dateOf(s.implied_until)}`,
  ].filter((p) => typeof p === 'string' && p !== '')
  return parts.length > 0 ? upper(parts.join('; ')) : 'Nothing stands'
}

/** What a line of the ledger tells, in a sentence without its end. */
export function lineWords(l: Pick<Line, 'kind' | 'relation' | 'purpose' | 'channel' | 'no_solicitation'>, title: string): string {
  const about = l.relation ? `: ${relationWord(l.relation)}` : ''
  const against = l.no_solicitation ? ', with a statement against such messages' : ''
  const what = l.purpose === '*' ? 'everything' : `“${title}”`
  return `${word(happened, l.kind)}${about}${against} · ${what}, ${word(channels, l.channel).toLowerCase()}`
}

export const oftenWords = (frequency: string | undefined) => (frequency ? `Wants to hear of you ${word(frequencies, frequency)}` : '')
