import type { Schemas } from '../api/client'
import { actions } from '../words/actions'
import { messages, pauses, stateOf, workOf } from '../words/cases'
import { balanceOutcomes, liftReasons } from '../words/limits'
import { reviewOutcomes } from '../words/decisions'
import { plain, word } from '../words/words'

export type Entry = Schemas['Entry']

const steps: Record<string, string> = {
  verification_begun: 'The identity check began',
  identity_proven: 'The identity is proven',
  identity_waived: 'Nobody was asked who it is: the law does not want it, or it makes no difference',
  identity_lapsed: 'Closed: the identity was never proven',
  clarification_sent: 'The person was asked a question',
  clarified: 'The person answered the question',
  collected: 'Everything was collected',
  recollected: 'Collecting was started over',
  approved: 'The answer was approved',
  packaged: 'The package was built',
  returned: 'It went back to the review',
  delivered: 'The answer was delivered',
  proposed: 'The plan was laid before somebody else',
  sent_back: 'The plan was sent back',
  scheduled: 'The plan was approved',
  execution_begun: 'Erasing began',
  mismatched: 'Reading back found more than was to stay',
  executed: 'The plan was carried out',
  correction_begun: 'Writing the corrections began',
  propose_correction: 'A correction was proposed',
  decide_correction: 'A correction was decided on',
  correct_self: 'The person corrected something themselves',
  make_statement: 'The person made a statement',
  settled: 'The limits are in force',
  say_decision_makers: 'It was recorded who took or prepared the decision',
  record_human_review: 'A review was put on record',
  transmission_asked: 'The data is to be sent to another company',
  transmission_refusing: 'Sending the data to another company is to end after the try on its way',
  transmission_sent: 'The data was sent to another company',
  transmission_failed: 'The data could not be sent to another company',
  transmission_refused: 'Sending the data to another company was refused',
  transmission_link_made: 'A link was made by which another company fetches the data',
  transmission_fetched: 'The data was fetched by a link for another company',
  transmission_link_ended: 'A link for another company ended',
  record_balance: 'The grounds were weighed',
  lift_limit: 'It was decided that a limit ends',
  refused: 'The request was refused',
  withdrawn: 'The person took the request back',
  cancelled: 'The request was cancelled',
  reopened: 'The request was reopened',
  received: 'The request came in',
}

const stepsOf: Record<string, Record<string, string>> = {
  erasure: { collected: 'Everything was counted', recollected: 'Counting was started over' },
  corrections: { collected: 'Every system was read', recollected: 'The systems are read anew', mismatched: 'Rows said something else than was read', executed: 'The corrections were written' },
  limits: { collected: 'It is ready to be decided' },
  decision: { collected: 'It is ready to be reviewed', settled: 'The person was answered with the review' },
}

const milestones: Record<string, string> = {
  reminder: 'A reminder was due',
  earliest_safe: 'The cautious date has passed',
  due: 'The due date has passed',
  escalation: 'It was escalated',
  repeat: 'It was escalated again',
}

const messageStates: Record<string, string> = { queued: 'waiting to be sent', sent: 'sent', failed: 'not delivered' }

// Lines of the evidence that no other entry tells.
const telling = new Set([
  'request.backdated', 'request.assigned', 'request.noted', 'request.linked', 'request.viewed', 'request.copied', 'command.refused', 'document.received', 'document.sent', 'identity.code_wrong',
  'conversation.written', 'task.claimed', 'task.released', 'task.attached', 'review.redacted', 'package.downloaded', 'package.resent', 'package.expired', 'obligation.escalation_acknowledged',
  'erasure.planned', 'erasure.decided', 'erasure.decision_removed', 'erasure.verified', 'erasure.system_failed', 'erasure.done_by_hand', 'erasure.deferred',
  'limit.set', 'limit.ending', 'limit.lifted', 'system.amended_by_hand',
])

// Notices to staff, of what other entries tell.
const notices = new Set(['task_created', 'task_reminder', 'due_soon', 'overdue', 'escalation', 'acknowledged', 'message_failed', 'collection_failed', 'erasure_failed', 'recipients_to_tell', 'amendment_failed'])

// Steps that change no state, and stand in the timeline as a pause, an extension or a line of the evidence.
const twice = new Set(['extend', 'pause', 'resume', 'document_sent'])

/** Whether an entry is work of the machine that another entry tells already. */
export function noise(entry: Entry): boolean {
  if (entry.kind === 'step') return twice.has(entry.what)
  if (entry.kind === 'message') return notices.has(entry.what) && entry.state !== 'failed'
  return entry.kind === 'evidence' && !telling.has(entry.what)
}

/** What happened, in a sentence. */
export function told(entry: Entry, right: string): string {
  switch (entry.kind) {
    case 'step': return stepsOf[workOf(right)]?.[entry.what] ?? word(steps, entry.what)
    case 'message': return `${word(messages, entry.what)}: ${messageStates[entry.state ?? ''] ?? entry.state ?? ''}`
    case 'clock': return word(milestones, entry.what)
    case 'pause': return entry.what === 'paused' ? `The clock was paused, waiting for ${word(pauses, entry.reason_code)}` : `The clock runs again: ${word(pauses, entry.reason_code)} is here`
    case 'extension': return 'The deadline was extended'
    case 'note': return 'A note was written'
    default: return word(actions, entry.what)
  }
}

/** What stands behind it: a reason, a change of state, the place in the log. */
export function detailed(entry: Entry, right: string): string {
  const parts: string[] = []
  if (entry.kind === 'step' && entry.from && entry.to) parts.push(`${stateOf(right, entry.from)} → ${stateOf(right, entry.to)}`)
  if (entry.reason_code && entry.kind !== 'pause') parts.push(balanceOutcomes[entry.reason_code] ?? liftReasons[entry.reason_code] ?? reviewOutcomes[entry.reason_code] ?? plain(entry.reason_code))
  if (entry.leaf !== undefined) parts.push(`log line ${entry.leaf.toLocaleString('en-GB')}`)
  return parts.join(' · ')
}

/** Who did it: a person by name, else what kind of actor. */
export function actorOf(entry: { actor_kind?: string; actor_id?: string }, nameOf: (id: string | undefined) => string | undefined): string {
  const name = nameOf(entry.actor_id)
  if (name) return name
  switch (entry.actor_kind) {
    case 'person': return 'a member of staff'
    case 'api_key': return 'a program'
    case 'timer': return 'the clock'
    case 'subject': return 'the person'
    case 'requester': return 'who filed it'
    case 'addressee': return 'who has the link'
    case 'system': return 'Docket'
    default: return entry.actor_id === 'workflow' ? 'Docket' : ''
  }
}
