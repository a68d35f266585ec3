import type { Standing } from '../request/commands/allowed'
import { count } from '../words/words'
import { placeOf, type Correction, type Corrections, type Field, type Read } from './queries'

export const addressOf = (f: { dataset: string; collection: string; field: string }) => `${f.dataset}.${f.collection}.${f.field}`

/** What was read, unless the request has moved on since. */
export function current({ corrections, detail, round }: Standing): Read | undefined {
  return corrections?.readAt === placeOf(detail.state, round) ? corrections : undefined
}

export const inState = (c: Corrections, ...states: Correction['state'][]): Correction[] => (c.corrections ?? []).filter((one) => states.includes(one.state))

/** The correction of a value that is proposed or accepted. */
export function standingOn(c: Corrections, system: string, field: Field, was: string | null): Correction | undefined {
  return inState(c, 'proposed', 'accepted').find((one) => one.system === system && addressOf(one) === addressOf(field) && one.was === was)
}

/** The field that a correction is of, as the systems were last read. */
export function fieldOf(c: Corrections, one: Correction): Field | undefined {
  return (c.holdings ?? []).find((h) => h.system === one.system)?.fields?.find((f) => addressOf(f) === addressOf(one))
}

/** Whether somebody proposed an accepted correction of what the person is found by: they don't have it written. */
export function proposedIdentity(c: Corrections, staff: string | null | undefined): boolean {
  return !!staff && inState(c, 'accepted').some((one) => one.proposed_by === staff && !!fieldOf(c, one)?.identity)
}

/** Why the accepted corrections can't be written yet; undefined when they can. */
export function againstWriting(c: Corrections | undefined, staff: string | null | undefined): string | undefined {
  if (!c) return 'Look at the corrections first: what is written is what you have read.'
  const open = inState(c, 'proposed').length
  if (open > 0) return `${count(open, 'correction')} ${open === 1 ? 'waits' : 'wait'} for a decision: accept or refuse ${open === 1 ? 'it' : 'each'}.`
  if (inState(c, 'accepted', 'written', 'by_hand').length === 0) return 'No correction is accepted: propose and accept one, or refuse the request on a ground of the law.'
  if (proposedIdentity(c, staff)) return 'You proposed a correction of what the person is found by, so somebody else has it written.'
  return undefined
}

/** The accepted corrections in one sentence. */
export function inShort(c: Corrections): string {
  const accepted = inState(c, 'accepted')
  if (accepted.length === 0) return inState(c, 'written', 'by_hand').length > 0 ? 'Nothing more is to be written: the person is told what was corrected, and the request is closed.' : 'No correction is accepted.'
  const systems = new Set(accepted.map((one) => one.system)).size
  return `${count(accepted.length, 'correction')} in ${count(systems, 'system')}.`
}
