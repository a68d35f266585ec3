import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { allLines, inShort, outdated, prepared, undecided } from '../erasure/plan'
import { erasureQuery } from '../erasure/queries'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { useSession } from '../session/session'
import type { Task } from './useClaim'

/** The sums of the plan that is decided on, what stands against it, and the way to read it whole. */
export function PlanBrief({ task }: { task: Task }) {
  const { staff_id: me } = useSession()
  const answer = useQuery(erasureQuery(task.request_id))
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (answer.data === undefined) return <Waiting lines={2} height={24} />
  const e = answer.data
  if (!e) return null
  return (
    <div>
      <p style={{ margin: 0 }}>
        {inShort(e)} <Link to="/requests/$id/plan" params={{ id: task.request_id }}>Read the whole plan</Link> before you decide.
      </p>
      {task.kind === 'plan_review' && outdated(e) && <p style={{ margin: '4px 0 0' }}>Something was decided since it was made: it is made anew before it can be laid before somebody else.</p>}
      {task.kind === 'plan_review' && allLines(e).some((l) => undecided(e, l)) && <p style={{ margin: '4px 0 0' }}>A problem in it waits for a decision.</p>}
      {task.kind === 'approval' && prepared(e, me) && <p style={{ margin: '4px 0 0' }}>You prepared this plan, so somebody else approves it.</p>}
    </div>
  )
}
