import { failedIn, weighed, type Standing } from '../request/commands/allowed'
import { workOf } from '../words/cases'
import { count } from '../words/words'

/** Who was given the data hears that it is restricted (Art. 19 GDPR). */
function toTell({ recipients }: Standing): string {
  const open = (recipients ?? []).filter((r) => r.state === 'to_tell').length
  return open === 0 ? '' : ` ${count(open, 'recipient')} of the data ${open === 1 ? 'is' : 'are'} still to be told of the restriction.`
}

/** What is next with a request that sets limits, where its state does not say it all. */
export function nextOfLimits(at: Standing): string | undefined {
  const { detail, limits } = at
  if (workOf(detail.right) !== 'limits') return undefined
  if (failedIn(at).length > 0) return 'A system could not be marked. Try it again, or do it by hand and say so.'
  if (detail.state === 'closed' && detail.outcome === 'fulfilled') return (limits?.limits ?? []).every((l) => l.lifted_at) ? undefined : `In force. What was asked for is no longer done, until it is lifted.${toTell(at)}`
  if (detail.state !== 'reviewing' || detail.right !== 'objection') return undefined
  switch (weighed(limits)) {
    case 'person_prevails': return 'The person prevails: grant the objection. Until then the data is not used so.'
    case 'grounds_override': return 'The grounds override: refuse the objection. Until the person has heard of it the data is not used so.'
    default: return 'Weigh your grounds against the person’s, then decide. Until then the data is not used so.'
  }
}
