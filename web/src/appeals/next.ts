import type { Standing } from '../request/commands/allowed'

/** What is next with a closed request whose answer the person has gone against. */
export function nextOfAppeals({ detail, owed }: Standing): string | undefined {
  const open = detail.state === 'closed' && owed.some((o) => o.kind === 'appeal_decision' && ['open', 'overdue', 'paused'].includes(o.state))
  return open ? 'The person has gone against the answer: somebody else than who gave it decides, under Appeals.' : undefined
}
