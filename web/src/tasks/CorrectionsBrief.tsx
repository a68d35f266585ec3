import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { Accepted } from '../corrections/Accepted'
import { correctionsQuery } from '../corrections/queries'
import { againstWriting } from '../corrections/standing'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { Copied } from '../request/Copied'
import requestClasses from '../request/request.module.css'
import { useMay, useSession } from '../session/session'
import type { Task } from './useClaim'

/** The corrections that are decided on, what stands against writing them, and the way to decide on each. */
export function CorrectionsBrief({ task }: { task: Task }) {
  const may = useMay()
  const { staff_id: me } = useSession()
  const [asked, ask] = useState(false)
  const answer = useQuery({ ...correctionsQuery(task.request_id), enabled: asked })
  if (!may('get-corrections')) return null
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (asked && !answer.data) return <Waiting lines={2} height={24} />
  if (!answer.data) {
    return (
      <div className={requestClasses.recorded}>
        <Button variant="default" size="xs" onClick={() => ask(true)}>Show the corrections</Button>
        <span className="dim">That you looked is recorded, and what you copy.</span>
      </div>
    )
  }
  const against = againstWriting(answer.data, me)
  return (
    <Copied id={task.request_id} kind="corrections">
      <Accepted read={answer.data} />
      <p style={{ margin: 0 }}>{against && `${against} `}<Link to="/requests/$id" params={{ id: task.request_id }}>The request</Link> has what the systems say, and the decision on each.</p>
    </Copied>
  )
}
