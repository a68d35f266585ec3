import { workOf } from '../../words/cases'
import { reasonAgainst, weighed, type Standing } from './allowed'
import { commandNamed, type Command } from './catalogue'

const byState: Record<string, string[]> = {
  received: ['confirm-identity'],
  verifying: ['confirm-identity'],
  clarifying: ['clarified'],
  collecting: ['retry-system'],
  reviewing: ['approve', 'propose-plan', 'uphold', 'correct', 'conclude-review', 'recollect'],
  approving: ['approve-plan'],
  executing: ['retry-system'],
  closed: ['resend', 'retry-system'],
}

/** The one thing to do next: it alone is the primary button. */
export function primaryOf(at: Standing, may: (operation: string) => boolean): Command | undefined {
  const names = weighed(at.limits) === 'grounds_override' && at.detail.state === 'reviewing' ? ['refuse'] : byState[at.detail.state]
  for (const name of names ?? []) {
    const command = commandNamed(name, at.detail.right)
    if (name === 'recollect' && workOf(at.detail.right) === 'corrections') continue // of corrections that is no step on
    if (command && may(command.operation) && !reasonAgainst(command, at)) return command
  }
  return undefined
}
