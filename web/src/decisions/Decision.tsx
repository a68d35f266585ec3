import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { asProblem } from '../api/problem'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Waiting } from '../page/Waiting'
import type { Standing } from '../request/commands/allowed'
import { Copied } from '../request/Copied'
import requestClasses from '../request/request.module.css'
import { useStaff } from '../requests/staff'
import { useMay, useSession } from '../session/session'
import { count } from '../words/words'
import { Contest } from './Contest'
import classes from './decisions.module.css'
import { Makers } from './Makers'
import { OneReview } from './OneReview'
import { decisionQuery, type Contested } from './queries'
import { Review } from './Review'
import { madeBy } from './standing'

/** The decision that a person contests, who made it, and what came of looking at it. It stands behind a click that is recorded. */
export function Decision({ at }: { at: Standing }) {
  const may = useMay()
  const { id } = at.detail
  const [asked, ask] = useState(false)
  const answer = useQuery({ ...decisionQuery(id), enabled: asked || at.decision !== undefined })
  if (!may('get-decision')) return <p className="dim">The decision and its review are for those who work on it.</p>
  if (answer.error) return asProblem(answer.error).status === 410 ? <p className="dim">The personal data was destroyed on schedule.</p> : <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (answer.data) return <Copied id={id} kind="decision"><Shown at={at} contested={answer.data} /></Copied>
  if (asked) return <Waiting lines={6} />
  return (
    <div className={requestClasses.recorded}>
      <Button variant="default" size="xs" onClick={() => ask(true)}>Show the decision and what the person says of it</Button>
      <span className="dim">That you looked is recorded, and what you copy.</span>
    </div>
  )
}

function Shown({ at, contested }: { at: Standing; contested: Contested }) {
  const may = useMay()
  const { staff_id: me } = useSession()
  const { nameOf } = useStaff()
  const [doing, setDoing] = useState<'makers' | 'review'>()
  const { id, state } = at.detail
  const makers = contested.makers ?? []
  const reviews = contested.reviews ?? []
  const mine = madeBy(contested, me)
  const reviewable = state === 'reviewing' && may('record-human-review') && !mine
  return (
    <>
      <Panel title="What the person says"><Contest contested={contested} /></Panel>
      <Panel title="Who took or prepared it" actions={state !== 'closed' && may('say-decision-makers') && <Button size="xs" variant="default" onClick={() => setDoing('makers')}>Say who</Button>}>
        {makers.length === 0
          ? <p className="dim">{contested.makers_said_at ? 'It is on record that nobody of the staff took or prepared it.' : 'Nobody has said yet. Say who of the staff had a part in the decision, or that nobody had: whoever did doesn’t review it.'}</p>
          : <p>{makers.map((m) => nameOf(m) ?? 'a former member of the staff').join(', ')}. {makers.length === 1 ? 'They don’t' : `None of these ${count(makers.length, 'person', 'people')} does`} review it.</p>}
      </Panel>
      <Panel title="Human review" actions={reviewable && <Button size="xs" variant={reviews.length > 0 ? 'default' : undefined} onClick={() => setDoing('review')}>{reviews.length > 0 ? 'Record another review' : 'Record your review'}</Button>}>
        {reviews.length === 0 && <p className="dim">{mine ? 'You took or prepared the decision, so somebody else reviews it.' : state === 'reviewing' ? 'Look where the decision was taken, weigh what the person says, and put on record what you come to.' : 'Nobody has reviewed it.'}</p>}
        <ul className={classes.list}>{reviews.map((r) => <OneReview key={r.id} review={r} by={nameOf(r.by)} />)}</ul>
      </Panel>
      {doing === 'makers' && <Makers request={id} makers={makers} onClose={() => setDoing(undefined)} />}
      {doing === 'review' && <Review request={id} view={contested.view} onClose={() => setDoing(undefined)} />}
    </>
  )
}
