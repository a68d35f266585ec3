import { current, inShort as correctionsInShort } from '../../corrections/standing'
import { inShort as reviewInShort, newest } from '../../decisions/standing'
import { inShort } from '../../erasure/plan'
import type { Readable } from '../AsRead'
import type { Standing } from './allowed'
import type { Command } from './catalogue'

/** What a command decides on as it was read; undefined of the others. */
export function readableOf(command: Command, at: Standing): { of: Readable; sha256: string; short: string } | undefined {
  const { erasure } = at
  const corrections = current(at)
  if (command.name === 'approve-plan' && erasure) return { of: 'plan', sha256: erasure.sha256, short: inShort(erasure) }
  if (command.name === 'correct' && corrections) return { of: 'corrections', sha256: corrections.sha256, short: correctionsInShort(corrections) }
  const review = newest(at.decision)
  if (command.name === 'conclude-review' && at.decision && review) return { of: 'review', sha256: review.sha256, short: reviewInShort(at.decision) }
  return undefined
}
