import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { items } from '../api/client'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { documentsQuery } from '../request/queries'
import { SentDocuments, sentOf } from '../request/SentDocuments'
import type { Task } from './useClaim'

/** What the person sent and nobody has looked at yet. Nothing is decided here: the task ends when each was opened. */
export function SentBrief({ task, here = false }: { task: Task; here?: boolean }) {
  const answer = useQuery(documentsQuery(task.request_id))
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting lines={2} height={24} />
  return (
    <>
      <SentDocuments id={task.request_id} documents={sentOf(items(answer.data)).filter((d) => !d.seen_at)} />
      <p style={{ margin: 0 }}>The task ends when each was looked at.{!here && <> What follows from them is decided in <Link to="/requests/$id" params={{ id: task.request_id }}>the request</Link>.</>}</p>
    </>
  )
}
