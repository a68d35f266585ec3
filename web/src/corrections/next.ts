import { failedIn, type Standing } from '../request/commands/allowed'
import { workOf } from '../words/cases'
import { againstWriting, current, inState } from './standing'

/** What is next with a request for corrections, where its state does not say it all. */
export function nextOfCorrections(at: Standing): string | undefined {
  const { detail, me } = at
  const corrections = current(at)
  if (workOf(detail.right) !== 'corrections') return undefined
  const failed = failedIn(at).length > 0
  if (detail.state === 'collecting' && failed) return 'A system could not be read. Read it again, or go on without it.'
  if (detail.state === 'executing' && failed) return 'A system could not be written in. Try it again, or correct it by hand and say so; the others go on.'
  if (detail.state === 'closed' && failed) return 'The person’s statement could not be written in a system. Try it again, or do it by hand and say so.'
  if (detail.state !== 'reviewing' || !corrections) return undefined
  if ((corrections.corrections ?? []).length === 0) return 'Choose a value that is wrong and say what is right; or refuse the request on a ground of the law.'
  const against = againstWriting(corrections, me)
  if (against) return against
  return inState(corrections, 'accepted').length > 0 ? 'Everything is decided. Have the accepted corrections written.' : 'Nothing more is to be written: have the person told.'
}
