import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Tag } from '../page/Tag'
import { Waiting } from '../page/Waiting'
import type { Standing } from '../request/commands/allowed'
import { useStaff } from '../requests/staff'
import { useMay } from '../session/session'
import { Day } from '../time/Moment'
import { appealKinds, appealStates } from '../words/appeals'
import { channels } from '../words/cases'
import { word } from '../words/words'
import { AddAppeal } from './AddAppeal'
import classes from './appeals.module.css'
import { DecideAppeal } from './DecideAppeal'
import { ExtendAppeal } from './ExtendAppeal'
import { appealsQuery, type Appeal } from './queries'

/** What a person made against the answer, what they were answered, and what can be done now. */
export function Appeals({ at }: { at: Standing }) {
  const { id, state } = at.detail
  const may = useMay()
  const answer = useQuery(appealsQuery(id))
  const [adding, setAdding] = useState(false)
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting lines={4} />
  const open = answer.data.some((a) => a.state === 'open')
  const addable = state === 'closed' && !open && may('add-appeal')
  return (
    <Panel title="Appeals" actions={addable && <Button size="xs" variant="default" onClick={() => setAdding(true)}>Take one in</Button>}>
      {answer.data.length === 0 && <p className="dim">The person has not gone against the answer. They can on their page; what comes by letter, mail or telephone is taken in here.</p>}
      <ul className={classes.appeals}>{answer.data.map((a) => <One key={a.id} appeal={a} request={id} />)}</ul>
      {adding && <AddAppeal request={id} onClose={() => setAdding(false)} />}
    </Panel>
  )
}

function One({ appeal: a, request }: { appeal: Appeal; request: string }) {
  const may = useMay()
  const { nameOf } = useStaff()
  const [doing, setDoing] = useState<'decide' | 'extend'>()
  const open = a.state === 'open'
  return (
    <li className={classes.appeal} aria-label={`${word(appealKinds, a.kind)}: ${word(appealStates, a.state)}`}>
      <div className={classes.head}>
        <strong>{word(appealKinds, a.kind)}</strong>
        <Tag risk={open ? 'soon' : 'done'}>{word(appealStates, a.state)}</Tag>
        <span className="dim">came by {word(channels, a.channel)}, <Day at={a.received_at} /></span>
      </div>
      <p className={classes.words}>{a.text}</p>
      {a.explanation && <p className={classes.words}><span className="dim">{a.state === 'withdrawn' ? 'How it was taken back' : 'Answered'}{a.decided_at && <>, <Day at={a.decided_at} /></>}{nameOf(a.decided_by) && `, by ${nameOf(a.decided_by)}`}: </span>{a.explanation}</p>}
      {open && (
        <div className={classes.acts}>
          {may('decide-appeal') && <Button size="xs" onClick={() => setDoing('decide')}>Decide on it</Button>}
          {may('extend-appeal') && a.kind === 'appeal' && <Button size="xs" variant="default" onClick={() => setDoing('extend')}>Take longer</Button>}
        </div>
      )}
      {doing === 'decide' && <DecideAppeal request={request} appeal={a} onClose={() => setDoing(undefined)} />}
      {doing === 'extend' && <ExtendAppeal request={request} appeal={a} onClose={() => setDoing(undefined)} />}
    </li>
  )
}
