import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { asProblem } from '../api/problem'
import { Recipients } from '../erasure/Recipients'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Waiting } from '../page/Waiting'
import type { Standing } from '../request/commands/allowed'
import { Copied } from '../request/Copied'
import { personQuery } from '../request/queries'
import requestClasses from '../request/request.module.css'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import classes from './corrections.module.css'
import { HeldIn } from './HeldIn'
import { OneCorrection } from './OneCorrection'
import { Proofs } from './Proofs'
import { correctionsQuery, type Read } from './queries'
import { current } from './standing'
import { Writing } from './Writing'

/** What the person says is wrong, what the systems say, and what becomes of it. */
export function Corrections({ at }: { at: Standing }) {
  const may = useMay()
  const { id, state, outcome } = at.detail
  return (
    <div className={classes.corrections}>
      <Writing marks={at.limits?.marks ?? []} />
      {state === 'closed' && outcome === 'fulfilled' && <Recipients id={id} done="corrected" />}
      {may('get-corrections') ? <Gate at={at} /> : <p className="dim">What the systems say and what is corrected is for those who decide on it.</p>}
    </div>
  )
}

/** Keeps what is said of the person behind a click that is recorded. It stays open until the request is left. */
function Gate({ at }: { at: Standing }) {
  const { id } = at.detail
  const [asked, ask] = useState(false)
  const answer = useQuery({ ...correctionsQuery(id), enabled: asked || at.corrections !== undefined })
  if (answer.error) return asProblem(answer.error).status === 410 ? <p className="dim">The personal data was destroyed on schedule.</p> : <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (answer.data) return <Copied id={id} kind="corrections"><Shown at={at} read={answer.data} again={() => void answer.refetch()} reading={answer.isFetching} /></Copied>
  if (asked) return <Waiting lines={6} />
  return (
    <div className={requestClasses.recorded}>
      <Button variant="default" size="xs" onClick={() => ask(true)}>Show what is wrong, and what the systems say</Button>
      <span className="dim">That you looked is recorded, and what you copy.</span>
    </div>
  )
}

function Shown({ at, read, again, reading }: { at: Standing; read: Read; again: () => void; reading: boolean }) {
  const may = useMay()
  const moved = !current(at)
  const open = at.detail.state === 'reviewing' && !moved
  const corrections = read.corrections ?? []
  const holdings = read.holdings ?? []
  return (
    <>
      {moved && (
        <div className={classes.banner} role="status">
          <p>The request has moved on since you read this.</p>
          <Button size="xs" variant="default" loading={reading} onClick={again}>Read it anew</Button>
        </div>
      )}
      <Asked id={at.detail.id} />
      <Panel title="Corrections">
        {corrections.length === 0 && <p className="dim">{open ? 'Nothing is proposed yet. Find the value that is wrong below, and say what is right.' : 'Nothing was proposed.'}</p>}
        <ul className={classes.list}>{corrections.map((c) => <OneCorrection key={c.id} at={at} correction={c} open={open} />)}</ul>
        {corrections.some((c) => c.state === 'accepted') && <p className={classes.hash}>SHA-256 of the accepted corrections, which writing them is for: <code>{read.sha256}</code></p>}
      </Panel>
      <Statements read={read} />
      {open || corrections.length === 0
        ? <Panel title="What the systems say">{holdings.length === 0 ? <p className="dim">No system has been read yet.</p> : holdings.map((h) => <HeldIn key={h.system} request={at.detail.id} read={read} holding={h} open={open && may('propose-correction')} />)}</Panel>
        : <details className={classes.before}><summary>What the systems said when they were read</summary>{holdings.map((h) => <HeldIn key={h.system} request={at.detail.id} read={read} holding={h} open={false} />)}</details>}
    </>
  )
}

/** The person's own words, and what they sent to show it. */
function Asked({ id }: { id: string }) {
  return <Panel title="What the person says"><Said id={id} /><Proofs id={id} /></Panel>
}

function Said({ id }: { id: string }) {
  const may = useMay()
  const person = useQuery({ ...personQuery(id), enabled: may('get-request-person') })
  if (!may('get-request-person')) return null
  if (person.error) return <Failure error={person.error} retry={() => void person.refetch()} />
  if (!person.data) return <Waiting lines={2} height={24} />
  const { details } = person.data
  return details ? <blockquote className={requestClasses.words}>{details}</blockquote> : <p className="dim">Nothing was written down. Look into the conversation, or ask the person what is wrong and what is right.</p>
}

/** What stands beside the data that was not corrected. */
function Statements({ read }: { read: Read }) {
  const statements = read.statements ?? []
  if (statements.length === 0) return null
  return (
    <Panel title="Statement of the person">
      {statements.map((s) => <div key={s.at}><blockquote className={requestClasses.words}>{s.text}</blockquote><p className={classes.hint}><Ago at={s.at} />. It is kept beside the data and goes out with it.</p></div>)}
    </Panel>
  )
}
