import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { Contest } from '../decisions/Contest'
import { OneReview } from '../decisions/OneReview'
import { decisionQuery } from '../decisions/queries'
import { againstConcluding, newest } from '../decisions/standing'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { Copied } from '../request/Copied'
import requestClasses from '../request/request.module.css'
import { useStaff } from '../requests/staff'
import { useMay, useSession } from '../session/session'
import type { Task } from './useClaim'

/** The decision that is looked at, the review that would be the answer, and what stands against answering. */
export function DecisionBrief({ task }: { task: Task }) {
  const may = useMay()
  const { staff_id: me } = useSession()
  const { nameOf } = useStaff()
  const [asked, ask] = useState(false)
  const answer = useQuery({ ...decisionQuery(task.request_id), enabled: asked })
  if (!may('get-decision')) return null
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (asked && !answer.data) return <Waiting lines={2} height={24} />
  if (!answer.data) {
    return (
      <div className={requestClasses.recorded}>
        <Button variant="default" size="xs" onClick={() => ask(true)}>Show the decision</Button>
        <span className="dim">That you looked is recorded, and what you copy.</span>
      </div>
    )
  }
  const review = newest(answer.data)
  const against = againstConcluding(answer.data, me)
  return (
    <Copied id={task.request_id} kind="decision">
      {review ? <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}><OneReview review={review} by={nameOf(review.by)} /></ul> : <Contest contested={answer.data} />}
      <p style={{ margin: '8px 0 0' }}>{against && `${against} `}<Link to="/requests/$id" params={{ id: task.request_id }}>The request</Link> has what the person says, and takes the review.</p>
    </Copied>
  )
}
