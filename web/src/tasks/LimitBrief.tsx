import { useQuery } from '@tanstack/react-query'

import { WeighButton } from '../limits/Balance'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { requestLimitsQuery } from '../request/queries'
import { balanceOutcomes, limitKinds, restrictionGrounds } from '../words/limits'
import { word } from '../words/words'
import type { Task } from './useClaim'

/** What is to be decided on, and what weighing it has come to. */
export function LimitBrief({ task }: { task: Task }) {
  const answer = useQuery(requestLimitsQuery(task.request_id))
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting lines={2} height={24} />
  const { ground, against, balance_tests: tests } = answer.data
  if (ground) return <p style={{ margin: 0 }}>A restriction: {word(restrictionGrounds, ground).toLowerCase()}.</p>
  const outcome = tests?.[0]?.outcome
  return (
    <div>
      <p style={{ margin: '0 0 8px' }}>
        An objection against {(against ?? []).map((k) => word(limitKinds, k).toLowerCase()).join(', ')}. {outcome ? `It was weighed: ${word(balanceOutcomes, outcome).toLowerCase()}.` : 'Weigh the grounds first: it is granted or refused by what comes of that.'}
      </p>
      <WeighButton request={task.request_id} first={!outcome} />
    </div>
  )
}
