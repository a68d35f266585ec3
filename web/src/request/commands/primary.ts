import { reasonAgainst, type Standing } from './allowed'
import { commandNamed, type Command } from './catalogue'

const byState: Record<string, string[]> = {
  received: ['confirm-identity'],
  verifying: ['confirm-identity'],
  clarifying: ['clarified'],
  collecting: ['retry-system'],
  reviewing: ['approve', 'propose-plan', 'recollect'],
  approving: ['approve-plan'],
  executing: ['retry-system'],
  closed: ['resend'],
}

/** The one thing to do next: it alone is the primary button. */
export function primaryOf(at: Standing, may: (operation: string) => boolean): Command | undefined {
  for (const name of byState[at.detail.state] ?? []) {
    const command = commandNamed(name, at.detail.right)
    if (command && may(command.operation) && !reasonAgainst(command, at)) return command
  }
  return undefined
}
