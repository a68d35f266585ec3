import { workOf } from '../../words/cases'

type Work = ReturnType<typeof workOf>

export type Field = 'reason' | 'extension' | 'until' | 'explanation' | 'note' | 'question' | 'answer' | 'pause' | 'paused' | 'system' | 'obligation' | 'also_proven'

export interface Command {
  /** As in the request's commands, and in the address. */
  name: string
  operation: string
  label: string
  explains: string
  fields: Field[]
  grave?: boolean
  /** It needs the second factor. */
  factor?: boolean
  /** Whose command it is: of every request where nothing is said. */
  of?: Work | Work[]
}

// In the order of the menu: what brings the request on, what changes its clock, what ends it.
export const catalogue: Command[] = [
  { name: 'approve', operation: 'approve-request', label: 'Approve and send', explains: 'The package is built, encrypted and delivered to the person.', fields: ['note'], of: 'answer' },
  { name: 'propose-plan', operation: 'propose-plan', label: 'Propose the plan', explains: 'Somebody else reads the plan, and approves it or sends it back. You can’t approve what you propose.', fields: ['note'], of: 'erasure' },
  { name: 'approve-plan', operation: 'approve-plan', label: 'Approve the plan', explains: 'The plan is carried out by itself as it stands. What is erased can’t be brought back. You need your second factor for it.', fields: ['note'], grave: true, factor: true, of: 'erasure' },
  { name: 'uphold', operation: 'uphold-request', label: 'Grant it', explains: 'What is asked for stands from now on. The person is told, and the request is closed.', fields: ['note'], of: 'limits' },
  { name: 'correct', operation: 'correct-request', label: 'Write the corrections', explains: 'What was accepted is written in the systems and read back. The person is told, and the request is closed. You need your second factor for it.', fields: ['note'], factor: true, of: 'corrections' },
  { name: 'conclude-review', operation: 'conclude-review', label: 'Answer with the review', explains: 'The person gets a letter that says what the review came to, and your reasons as they stand. The request is closed.', fields: ['note'], of: 'decision' },
  { name: 'confirm-identity', operation: 'confirm-identity', label: 'Confirm the identity', explains: 'You have seen proof of who the person is. Documents they sent for it are destroyed.', fields: ['also_proven', 'note'] },
  { name: 'clarified', operation: 'clarified', label: 'Record the answer', explains: 'The person has said what the request is about. Collecting goes on.', fields: ['answer'], of: ['answer', 'erasure', 'corrections', 'decision'] },
  { name: 'retry-system', operation: 'retry-system', label: 'Read a system again', explains: 'The system is asked once more for what it holds.', fields: ['system', 'note'], of: 'answer' },
  { name: 'retry-system', operation: 'retry-system', label: 'Try a system again', explains: 'The system is asked once more. What was done in it is not done twice.', fields: ['system', 'note'], of: 'erasure' },
  { name: 'done-by-hand', operation: 'done-by-hand', label: 'Say that it was done by hand', explains: 'A person has erased in the system that could not be made to. Your word for it stands in the file. You need your second factor for it.', fields: ['system', 'note'], grave: true, factor: true, of: 'erasure' },
  { name: 'retry-system', operation: 'retry-system', label: 'Try a system again', explains: 'The system is read once more, or written in. What was done in it is not done twice.', fields: ['system', 'note'], of: 'corrections' },
  { name: 'done-by-hand', operation: 'done-by-hand', label: 'Say that it was done by hand', explains: 'A person has corrected it in the system that Docket could not write in. Your word for it stands in the file. You need your second factor for it.', fields: ['system', 'note'], grave: true, factor: true, of: 'corrections' },
  { name: 'retry-system', operation: 'retry-system', label: 'Mark a system again', explains: 'The mark is set in the system once more, or taken away. What says so already is left alone.', fields: ['system', 'note'], of: 'limits' },
  { name: 'done-by-hand', operation: 'done-by-hand', label: 'Say that it was done by hand', explains: 'A person has marked the person’s rows in the system, or taken the mark away. Your word for it stands in the file. You need your second factor for it.', fields: ['system', 'note'], grave: true, factor: true, of: 'limits' },
  { name: 'resend', operation: 'resend-package', label: 'Send a new link', explains: 'The person gets a new link to the package. The one before stops working.', fields: [], of: 'answer' },
  { name: 'acknowledge', operation: 'acknowledge-escalation', label: 'Take the escalation over', explains: 'You look after what is late. It is not escalated again.', fields: ['obligation'] },
  { name: 'recollect', operation: 'recollect-request', label: 'Collect once more', explains: 'What was collected is thrown away and every system is read again.', fields: ['note'], of: 'answer' },
  { name: 'recollect', operation: 'recollect-request', label: 'Make the plan anew', explains: 'Every system is counted once more, and the plan is made of what is there and of what was decided.', fields: ['note'], of: 'erasure' },
  { name: 'recollect', operation: 'recollect-request', label: 'Read the systems anew', explains: 'Every system says once more what it holds of the person. What was proposed and decided stays.', fields: ['note'], of: 'corrections' },
  { name: 'return-plan', operation: 'return-plan', label: 'Send the plan back', explains: 'It goes back to be worked on, with your reason. An approval that was given does not count any more.', fields: ['note'], of: 'erasure' },
  { name: 'exclude-system', operation: 'exclude-system', label: 'Leave a system out', explains: 'The answer goes without this system, and its cover says so.', fields: ['system', 'note'], grave: true, of: 'answer' },
  { name: 'exclude-system', operation: 'exclude-system', label: 'Leave a system to a person', explains: 'The plan goes on without counting in this system. Somebody erases there by hand, and says so.', fields: ['system', 'note'], grave: true, of: 'erasure' },
  { name: 'exclude-system', operation: 'exclude-system', label: 'Go on without a system', explains: 'Nothing is corrected in this system. If something is wrong there, a person corrects it in the system itself.', fields: ['system', 'note'], grave: true, of: 'corrections' },
  { name: 'ask-clarification', operation: 'ask-clarification', label: 'Ask the person', explains: 'The person gets your question by letter and can answer on their page.', fields: ['question'], of: ['answer', 'erasure', 'corrections', 'decision'] },
  { name: 'extend', operation: 'extend-request', label: 'Extend the deadline', explains: 'The answer may come later, once. The person is told, with the reason.', fields: ['extension', 'until'] },
  { name: 'pause', operation: 'pause-request', label: 'Pause the clock', explains: 'The clock stops while you wait for something that the law lets it wait for.', fields: ['pause'] },
  { name: 'resume', operation: 'resume-request', label: 'Let the clock run', explains: 'What was waited for is here.', fields: ['paused'] },
  { name: 'reopen', operation: 'reopen-request', label: 'Reopen the request', explains: 'The request is taken up again. The clock goes on from the day it was received.', fields: [] },
  { name: 'reject-identity', operation: 'reject-identity', label: 'Reject the proof of identity', explains: 'The proof does not hold. The request is refused and the person is told.', fields: ['explanation'], grave: true },
  { name: 'refuse', operation: 'refuse-request', label: 'Refuse the request', explains: 'The person gets a letter with the reason, their right to complain, and the authority.', fields: ['reason', 'explanation'], grave: true },
  { name: 'withdraw', operation: 'withdraw-request', label: 'Record the withdrawal', explains: 'The person has taken the request back.', fields: ['note'], grave: true },
  { name: 'mark-spam', operation: 'mark-spam', label: 'Mark as spam', explains: 'No person made this request. It ends without a letter; it can be taken up again by its own dates.', fields: ['note'], grave: true },
  { name: 'not-spam', operation: 'not-spam', label: 'It is no spam', explains: 'The request is taken up again by its own dates, as if it had never been marked.', fields: [] },
  { name: 'cancel', operation: 'cancel-request', label: 'Cancel the request', explains: 'It was filed by mistake, or twice. The person is told.', fields: ['note'], grave: true },
]

/** Whether requests under a right have a command. */
export function fitsRight(command: Command, right: string): boolean {
  return command.of === undefined || [command.of].flat().includes(workOf(right))
}

export function commandNamed(name: string, right: string): Command | undefined {
  return catalogue.find((c) => c.name === name && fitsRight(c, right))
}
