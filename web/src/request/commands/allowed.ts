import type { Schemas } from '../../api/client'
import { states } from '../../words/cases'
import { word } from '../../words/words'
import type { Command } from './catalogue'
import { extensionOf, openPauses, pausesOf } from './rules'

export interface Standing {
  detail: Schemas['RequestDetail']
  regime?: Schemas['PrivacyRegime']
  systems: Schemas['SystemRun'][]
  packages: Schemas['PackageView'][]
  owed: Schemas['ObligationView'][]
  documents: Schemas['DocumentView'][]
}

/** Why a command is not offered now, in a sentence; undefined when it is. The server decides all the same. */
export function reasonAgainst(command: Command, at: Standing): string | undefined {
  const own = special[command.name]?.(at)
  if (command.name === 'resend' || command.name === 'not-spam') return own
  const name = command.name === 'mark-spam' ? 'cancel' : command.name // it ends as what is cancelled does
  if (!(at.detail.commands ?? []).includes(name)) return stateAgainst(command, at.detail.state)
  return own
}

function stateAgainst(command: Command, state: string): string {
  if (state === 'closed') return 'The request is closed. Reopen it first.'
  if (command.name === 'reopen') return 'The request is not closed.'
  return `Not in the state “${word(states, state)}”.`
}

const special: Record<string, (at: Standing) => string | undefined> = {
  extend: ({ detail, regime }) => {
    const rule = extensionOf(detail, regime)
    if (regime && !rule) return `${regime.name} gives no extension for this right.`
    if (detail.extension) return `It was extended once already. ${rule?.citation.text ?? ''} allows no second time.`
    return undefined
  },
  pause: ({ detail, regime }) => {
    const kinds = pausesOf(detail, regime)
    if (regime && kinds.length === 0) return `${regime.name} lets the clock wait for nothing.`
    const open = openPauses(detail).map((p) => p.kind)
    return kinds.length > 0 && kinds.every((k) => open.includes(k.kind)) ? 'The clock is paused already.' : undefined
  },
  resume: ({ detail }) => (openPauses(detail).length === 0 ? 'The clock is running.' : undefined),
  'retry-system': ({ systems }) => (systems.some((s) => s.state === 'failed') ? undefined : 'Every system could be read.'),
  'exclude-system': ({ systems }) => (systems.some((s) => s.state === 'failed') ? undefined : 'Every system could be read.'),
  acknowledge: ({ owed }) => (owed.some(late) ? undefined : 'Nothing is overdue.'),
  'not-spam': ({ detail }) => (detail.state === 'closed' && detail.reason_code === 'spam' ? undefined : 'The request is not marked as spam.'),
  resend: ({ packages }) => (packages.some((p) => p.state === 'ready') ? undefined : 'There is no package to fetch.'),
}

export function late(o: Schemas['ObligationView']): boolean {
  return o.state === 'overdue' && !o.acknowledged_at
}
