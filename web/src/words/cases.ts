import { word } from './words'

// How the console calls what the register knows by codes.

export const rights: Record<string, string> = {
  access: 'Access',
  portability: 'Portability',
  rectification: 'Correction',
  erasure: 'Erasure',
  restriction: 'Restriction',
  objection: 'Objection',
  automated_decision: 'Human review',
  opt_out: 'Opt-out',
  limit_use: 'Limit use',
}

export const rightExplained: Record<string, string> = {
  access: 'A copy of the data, and what it is used for',
  portability: 'The data in a form that another service can read',
  rectification: 'Wrong data put right',
  erasure: 'Data deleted',
  restriction: 'Data kept but not used',
  objection: 'A use of the data stopped',
  automated_decision: 'A human looks at a decision that a machine took alone',
  opt_out: 'No sale or sharing of the data',
  limit_use: 'Sensitive data used only where it must be',
}

export const states: Record<string, string> = {
  received: 'Received',
  verifying: 'Proving identity',
  clarifying: 'Waiting for an answer',
  collecting: 'Collecting',
  reviewing: 'In review',
  packaging: 'Packaging',
  delivering: 'Delivering',
  approving: 'Waiting for approval',
  scheduled: 'Scheduled',
  executing: 'Erasing',
  closed: 'Closed',
}

// What two states are called of an erasure: nothing of it is collected, and what is under review is its plan.
const erasureStates: Record<string, string> = { collecting: 'Counting', reviewing: 'Plan under review' }

// The same of a request for corrections; the third is what erasures call otherwise.
const correctionStates: Record<string, string> = { collecting: 'Reading systems', reviewing: 'Corrections to be decided', executing: 'Writing corrections' }

// The same of a request that sets limits.
const limitStates: Record<string, string> = { collecting: 'Marking systems', reviewing: 'To be decided' }

// The same of a request about an automated decision: no system is read for it.
const decisionStates: Record<string, string> = { collecting: 'Being handed over', reviewing: 'To be reviewed by a human' }

/** What kind of work a request under a right makes: an answer out of data, an erasure, corrections, limits to what is done with the data, or the review of a decision. */
export function workOf(right: string): 'answer' | 'erasure' | 'corrections' | 'limits' | 'decision' {
  if (right === 'erasure') return 'erasure'
  if (right === 'rectification') return 'corrections'
  if (right === 'automated_decision') return 'decision'
  return ['restriction', 'objection', 'opt_out', 'limit_use'].includes(right) ? 'limits' : 'answer'
}

const statesOf = { answer: {}, erasure: erasureStates, corrections: correctionStates, limits: limitStates, decision: decisionStates } as Record<string, Record<string, string>>

/** Where a request under a right stands. */
export function stateOf(right: string, state: string): string {
  return statesOf[workOf(right)]?.[state] ?? word(states, state)
}

export const outcomes: Record<string, string> = {
  fulfilled: 'Fulfilled',
  refused: 'Refused',
  withdrawn: 'Withdrawn',
  cancelled: 'Cancelled',
  unverified: 'Identity never proven',
}

export const channels: Record<string, string> = {
  api: 'a program',
  staff: 'staff',
  email: 'e-mail',
  phone: 'telephone',
  letter: 'letter',
  form: 'the public form',
  signal: 'a browser signal',
  opendsr: 'a controller (OpenDSR)',
  drp: 'an authorised agent (Data Rights Protocol)',
}

export const channelChoices = [
  { value: 'email', label: 'E-mail' },
  { value: 'letter', label: 'Letter' },
  { value: 'phone', label: 'Telephone' },
  { value: 'staff', label: 'In person, or otherwise by staff' },
]

export const obligations: Record<string, string> = {
  acknowledge: 'Confirm receipt',
  verify: 'Finish the identity check',
  respond: 'Answer the request',
  extension_notice: 'Tell of an extension',
  refusal_notice: 'Give reasons for a refusal',
  transfer: 'Pass it on',
  inform: 'Say when the answer comes',
  fee_confirmation: 'Person accepts the fee',
  appeal_decision: 'Decide the appeal',
  complaint_acknowledge: 'Confirm the complaint',
  confirm_erasure: 'Say what was erased',
}

export const obligationExplained: Record<string, string> = {
  acknowledge: 'The person must hear that the request has arrived.',
  respond: 'The person must have the answer, or the reasons for none.',
  extension_notice: 'The last day to tell the person that the answer takes longer, and why.',
  refusal_notice: 'The last day to tell the person that nothing will be done, and why.',
  inform: 'The person must hear by when the answer comes.',
  confirm_erasure: 'The person hears within 24 hours what was erased; after 20 hours a letter says how far it has come, whatever is left.',
}

export const obligationStates: Record<string, string> = {
  open: 'Open',
  paused: 'Paused',
  met: 'Met',
  overdue: 'Overdue',
  waived: 'No longer owed',
}

export const causes: Record<string, string> = {
  intake: 'Set when the request came in',
  pause: 'Set anew: the clock was paused',
  resume: 'Set anew: the clock runs again',
  extension: 'Set anew: the deadline was extended',
  reopen: 'Set when the request was reopened',
  reopened: 'Set when the request was reopened',
  appeal: 'Set when the person appealed',
}

export const pauses: Record<string, string> = {
  identity: 'proof of identity',
  clarification: 'an answer from the person',
  fee: 'the fee',
}

export const tasks: Record<string, string> = {
  review: 'Review what was collected',
  identity_check: 'Check a proof of identity',
  collection_failed: 'A system could not be read',
  message: 'Read what the person wrote',
  plan_review: 'Review the plan of an erasure',
  approval: 'Approve the plan of an erasure',
  erasure_failed: 'A system could not be erased in',
  decision: 'Decide on a restriction or an objection',
  amendment_failed: 'A system could not be changed',
  correction: 'Decide on corrections',
  appeal: 'Decide on an appeal',
  inquiry: 'Ask somebody else, or see to their answer',
  human_review: 'Review an automated decision',
  sent_document: 'Look at what the person sent',
}

export const identityChecks: Record<string, string> = {
  document: 'By a document',
  account: 'By their account with us',
  records: 'By what our records say',
  call_back: 'By calling back',
  in_person: 'In person',
  other: 'Otherwise',
}

export const alsoProven: Record<string, string> = {
  phone_number: 'The telephone number',
  customer_id: 'The customer number',
  phone_number_and_customer_id: 'Telephone and customer number',
}

export const mediaTypes: Record<string, string> = { 'application/pdf': 'PDF', 'image/jpeg': 'JPEG picture', 'image/png': 'PNG picture' }

export const identities: Record<string, string> = {
  unproven: 'Not proven',
  pending: 'Being checked',
  mailbox: 'Mailbox proven, document asked for',
  proven: 'Proven',
  refused: 'Not accepted',
  waived: 'Not asked',
}

export const identityMethods: Record<string, string> = {
  code: 'by the code sent to the mailbox',
  email_code: 'by the code sent to the mailbox',
  staff_check: 'by a member of staff',
  document: 'by a document',
  assertion: 'by the sign-in of your company',
  vouched: 'by the word of who filed it',
}

export const messages: Record<string, string> = {
  acknowledgement: 'Confirmation of receipt',
  one_time_code: 'Code to prove identity',
  identity_reminder: 'Reminder to prove identity',
  identity_closed: 'Closed without proof of identity',
  clarification: 'Question to the person',
  message_waiting: 'Notice of a message',
  message_code: 'Code to open the page of a request',
  extension: 'Notice of the extension',
  refusal: 'Refusal',
  withdrawn: 'Confirmation of the withdrawal',
  cancelled: 'Notice of the cancellation',
  package_ready: 'Link to the package',
  download_code: 'Code for the download',
  package_resent: 'New link to the package',
  package_expired: 'The package has expired',
  reopened: 'The request was reopened',
  duplicate_linked: 'Linked with an earlier request',
  task_created: 'A task for staff',
  task_reminder: 'Reminder of a task',
  due_soon: 'A date comes near',
  overdue: 'A date has passed',
  escalation: 'Escalation',
  acknowledged: 'Escalation taken over',
  message_failed: 'A message did not arrive',
  collection_failed: 'A system could not be read',
  erased: 'What was erased and what is kept',
  erasure_scheduled: 'Notice of the day of the erasure',
  erasure_under_way: 'How far the erasure has come',
  erasure_answered: 'What somebody else has answered about the erasure',
  erasure_failed: 'A system could not be erased in',
  recipients_to_tell: 'Recipients must hear of an erasure',
  limited: 'What is no longer done with the data',
  limit_ends: 'Notice that a limit ends',
  amendment_failed: 'A system could not be changed',
  correct_yourself: 'What the person can correct themselves',
  appeal_received: 'Confirmation of an appeal',
  appeal_decided: 'Answer to an appeal',
  inquiry: 'Inquiry at somebody else',
  inquiry_reminder: 'Reminder to somebody else',
  inquiry_closed: 'No answer needed any more',
  inquiry_stuck: 'Somebody else does not answer',
  decision_reviewed: 'What a human came to who looked at the decision',
  transmitted: 'What came of the data going to another company',
  corrected: 'What was corrected and what was not',
}

export const runStates: Record<string, string> = {
  pending: 'Waiting',
  running: 'Reading',
  done: 'Read',
  failed: 'Could not be read',
  excluded: 'Left out',
}

export const surveyStates: Record<string, string> = {
  pending: 'Waiting',
  running: 'Counting',
  done: 'Counted',
  failed: 'Could not be counted',
  excluded: 'Left to a person',
}

export const redactionGrounds: Record<string, string> = {
  anothers_rights: 'It concerns somebody else',
  trade_secret: 'Trade secret',
  legal_privilege: 'Legal privilege',
  security: 'Security',
  other: 'Another rule',
}

export const extensionReasons: Record<string, string> = {
  complexity: 'The request is complex',
  number_of_requests: 'There are many requests',
  consultation: 'Somebody must be consulted',
  conversion: 'Data must be converted',
}

export const roles: Record<string, string> = {
  admin: 'Administrator',
  dpo: 'Data protection officer',
  agent: 'Agent',
  lead: 'Team lead',
  executive: 'Executive',
  auditor: 'Auditor',
  operator: 'Operator',
}

/** What happens, or is to be done, in a state. */
export const stateNext: Record<string, string> = {
  received: 'The work begins by itself within seconds.',
  verifying: 'The person has a code by e-mail. Nothing is collected before their identity is proven.',
  clarifying: 'The person was asked a question. Record their answer when it comes another way than through their page.',
  collecting: 'Every system that may hold the person is being read.',
  reviewing: 'Look at what was collected, leave out what belongs to others, then approve.',
  packaging: 'The answer is being packed and encrypted.',
  delivering: 'The link is on its way to the person.',
  approving: 'Somebody other than who prepared the plan reads it, and approves it or sends it back.',
  scheduled: 'The plan is approved and is carried out by itself at its time. Until then the person can take the request back, and the plan can be sent back.',
  executing: 'The systems are being erased in, and each is read back. What has begun is brought to its end.',
}

const erasureNext: Record<string, string> = {
  collecting: 'Every system counts what it holds of the person. Nothing is changed.',
  reviewing: 'Read the plan: what goes, what is kept and under which law. Then lay it before somebody else.',
}

const correctionNext: Record<string, string> = {
  collecting: 'Every system says what its rows say of the person. Nothing is changed, and no copy of the rows is kept.',
  reviewing: 'Compare what the person says is wrong with what the systems say, and decide on each correction.',
  executing: 'What was accepted is written, system by system, and read back. What has begun is brought to its end.',
}

const limitNext: Record<string, string> = {
  verifying: 'The person has a code by e-mail. What has to be weighed stands from the moment it is known who asks; the rest stands already.',
  collecting: 'The systems that mark limits are being marked. Nothing is collected.',
  reviewing: 'Grant it, or refuse it on a ground of the law. Until then the data is not used so.',
}

const decisionNext: Record<string, string> = {
  verifying: 'The person has a code by e-mail. The decision is looked at once their identity is proven.',
  collecting: 'No system is read: whoever reviews looks where the decision was taken.',
  reviewing: 'Somebody who had no part in the decision looks at it, considers what the person says, and puts a review on record. Then answer with it.',
}

const nexts = { answer: {}, erasure: erasureNext, corrections: correctionNext, limits: limitNext, decision: decisionNext } as Record<string, Record<string, string>>

/** The same of a request under a right. */
export function nextIn(right: string, state: string): string {
  return nexts[workOf(right)]?.[state] ?? stateNext[state] ?? ''
}
