import type { Schemas } from '../../api/client'
import type { Read } from '../../corrections/queries'
import { againstWriting, current } from '../../corrections/standing'
import type { Contested } from '../../decisions/queries'
import { againstConcluding } from '../../decisions/standing'
import { allLines, outdated, prepared, undecided } from '../../erasure/plan'
import type { Erasure, Recipient } from '../../erasure/queries'
import { stateOf, workOf } from '../../words/cases'
import type { Command } from './catalogue'
import { extensionOf, openPauses, pausesOf } from './rules'

export interface Standing {
  detail: Schemas['RequestDetail']
  regime?: Schemas['PrivacyRegime']
  systems: Schemas['SystemRun'][]
  packages: Schemas['PackageView'][]
  owed: Schemas['ObligationView'][]
  documents: Schemas['DocumentView'][]
  /** The plan of an erasure, once there is one. */
  erasure?: Erasure
  /** What a restriction, an objection or an opt-out has set; of every request that changes systems, how far that is done in each. */
  limits?: Schemas['RequestLimits']
  /** What the systems say and what is to be corrected, once whoever looks has asked for it. */
  corrections?: Read
  /** The decision that the person contests, once whoever looks has asked for it. */
  decision?: Contested
  /** How often the systems were read for it. */
  round?: number
  /** Who must hear of what was done, once it is. */
  recipients?: Recipient[]
  /** Who looks, as a member of staff. */
  me?: string | null
}

/** Why a command is not offered now, in a sentence; undefined when it is. The server decides all the same. */
export function reasonAgainst(command: Command, at: Standing): string | undefined {
  const own = special[command.name]?.(at)
  if (command.name === 'resend' || command.name === 'not-spam') return own
  const name = command.name === 'mark-spam' ? 'cancel' : command.name // it ends as what is cancelled does
  if (!(at.detail.commands ?? []).includes(name)) return stateAgainst(command, at.detail)
  return own
}

function stateAgainst(command: Command, { right, state }: Standing['detail']): string {
  if (state === 'closed') return 'The request is closed. Reopen it first.'
  if (command.name === 'reopen') return 'The request is not closed.'
  if (state === 'executing' && ['withdraw', 'cancel', 'refuse', 'return-plan'].includes(command.name)) return 'It is being carried out: what has begun is brought to its end.'
  return `Not in the state “${stateOf(right, state)}”.`
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
  'retry-system': (at) => (failedIn(at).length > 0 ? undefined : none(at)),
  'exclude-system': (at) => (failedIn(at).length > 0 ? undefined : none(at)),
  'done-by-hand': (at) => (failedIn(at).length > 0 ? undefined : none(at)),
  'propose-plan': ({ erasure }) => {
    if (!erasure) return 'There is no plan yet.'
    if (outdated(erasure)) return 'Something was decided since the plan was made: make it anew first.'
    return allLines(erasure).some((l) => undecided(erasure, l)) ? 'A problem in the plan waits for a decision.' : undefined
  },
  'approve-plan': ({ erasure, me }) => (erasure && prepared(erasure, me) ? 'You prepared this plan, so somebody else approves it.' : undefined),
  correct: (at) => againstWriting(current(at), at.me),
  'conclude-review': ({ decision, me }) => againstConcluding(decision, me),
  uphold: ({ detail, limits }) => (detail.right !== 'objection' || weighed(limits) === 'person_prevails' ? undefined : 'Weigh the grounds first: only where the person prevails it is granted.'),
  acknowledge: ({ owed }) => (owed.some(late) ? undefined : 'Nothing is overdue.'),
  'not-spam': ({ detail }) => (detail.state === 'closed' && detail.reason_code === 'spam' ? undefined : 'The request is not marked as spam.'),
  resend: ({ packages }) => (packages.some((p) => p.state === 'ready') ? undefined : 'There is no package to fetch.'),
}

const failures = { answer: 'Every system could be read.', erasure: 'No system has failed.', corrections: 'No system has failed.', limits: 'No system has failed.', decision: 'No system is read for it.' }
const none = ({ detail }: Standing) => failures[workOf(detail.right)]

/** What the newest balance test came to. */
export function weighed(limits: Standing['limits']): string | undefined {
  return limits?.balance_tests?.[0]?.outcome
}

/** The systems that wait for somebody, with the keys by which they are named. */
export function failedIn({ detail, systems, erasure, limits }: Standing): { key: string; name: string }[] {
  const work = workOf(detail.right)
  if (work === 'limits' || work === 'corrections' && detail.state !== 'collecting') {
    const failed = (limits?.marks ?? []).filter((m) => m.state === 'failed')
    return [...new Map(failed.map((m) => [m.system, { key: m.system, name: m.system_name }])).values()]
  }
  if (detail.state === 'closed') return []
  if (detail.state === 'executing') return (erasure?.systems ?? []).filter((s) => s.state === 'failed')
  return systems.filter((s) => s.state === 'failed').map((s) => ({ key: s.system, name: s.name }))
}

export function late(o: Schemas['ObligationView']): boolean {
  return o.state === 'overdue' && !o.acknowledged_at
}
