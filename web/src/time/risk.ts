export type Risk = 'done' | 'track' | 'soon' | 'overdue' | 'paused'

/** How long before the cautious date a clock counts as soon: the reminder window. */
const window = 7 * 24 * 60 * 60_000

/** What the colour of an obligation says. */
export function riskOf(state: string, due: string | undefined, earliestSafe: string | undefined, now: number): Risk {
  if (state === 'met' || state === 'waived' || state === 'closed') return 'done'
  if (state === 'paused') return 'paused'
  if (!due) return 'track'
  const end = new Date(due).getTime()
  if (state === 'overdue' || end < now) return 'overdue'
  const safe = Math.min(end, earliestSafe ? new Date(earliestSafe).getTime() : end)
  return safe - now < window ? 'soon' : 'track'
}

export const riskWords: Record<Risk, string> = {
  done: 'done',
  track: 'on track',
  soon: 'due soon',
  overdue: 'overdue',
  paused: 'paused',
}
