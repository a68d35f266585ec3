import { reviewOutcomes } from '../words/decisions'
import { word } from '../words/words'
import type { Contested, HumanReview } from './queries'

/** The review that would be the answer: the newest. */
export const newest = (c: Contested | undefined): HumanReview | undefined => c?.reviews?.[0]

/** Whether somebody is on record as having taken or prepared the decision: they don't review it. */
export const madeBy = (c: Contested, staff: string | null | undefined): boolean => !!staff && (c.makers ?? []).includes(staff)

/** Why the newest review can't be the answer yet; undefined when it can. */
export function againstConcluding(c: Contested | undefined, staff: string | null | undefined): string | undefined {
  if (!c) return 'Look at the decision first: what you answer with is what you have read.'
  if (madeBy(c, staff)) return 'You took or prepared the decision, so somebody else reviews it.'
  if (!c.makers_said_at && (c.makers ?? []).length === 0) return 'Say first who took or prepared the decision, or that nobody of the staff did.'
  const review = newest(c)
  if (!review) return 'Put your review on record first.'
  return review.by === staff ? undefined : 'Whoever recorded the review answers with it. Record one of your own, or leave it to them.'
}

/** The newest review in one sentence. */
export const inShort = (c: Contested): string => {
  const review = newest(c)
  return review ? `${word(reviewOutcomes, review.outcome)}.` : 'There is no review.'
}
