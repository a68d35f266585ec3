import type { Standing } from '../request/commands/allowed'
import { workOf } from '../words/cases'
import { againstConcluding } from './standing'

/** What is next with a contested decision, where the request's state does not say it all. */
export function nextOfDecisions({ detail, decision, me }: Standing): string | undefined {
  if (workOf(detail.right) !== 'decision' || detail.state !== 'reviewing' || !decision) return undefined
  return againstConcluding(decision, me) ?? 'The review is on record. Answer the person with it.'
}
