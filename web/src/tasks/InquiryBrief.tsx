import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '@mantine/core'

import { inquiriesQuery, open } from '../inquiries/queries'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { inquiryOutcomes, inquiryPurposes } from '../words/inquiries'
import { word } from '../words/words'
import type { Task } from './useClaim'

/** Whom the task is about, for what, and what they said. Reading it is recorded, so it waits for a wish. */
export function InquiryBrief({ task }: { task: Task }) {
  const may = useMay()
  const [shown, setShown] = useState(false)
  if (!may('list-inquiries')) return null
  if (!shown) return <Button size="xs" variant="default" onClick={() => setShown(true)}>Show what was asked (this is recorded)</Button>
  return <Asked task={task} />
}

function Asked({ task }: { task: Task }) {
  const answer = useQuery(inquiriesQuery(task.request_id))
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting lines={2} height={24} />
  const about = answer.data.filter((i) => i.id === task.inquiry_id)
  return (
    <>
      {about.map((i) => (
        <p key={i.id} style={{ margin: '0 0 8px', overflowWrap: 'anywhere' }}>
          <strong>{i.addressee}</strong>: {word(inquiryPurposes, i.purpose).toLowerCase()}{i.outcome && `, ${word(inquiryOutcomes, i.outcome).toLowerCase()}`}.
          {i.instructions && open(i) && <> {i.instructions}</>}
          {i.words && <> They said: {i.words}</>}
        </p>
      ))}
    </>
  )
}
