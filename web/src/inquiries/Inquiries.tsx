import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held } from '../api/client'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Tag } from '../page/Tag'
import { Waiting } from '../page/Waiting'
import type { Standing } from '../request/commands/allowed'
import { useStaff } from '../requests/staff'
import { useMay } from '../session/session'
import { Day } from '../time/Moment'
import { inquiryChannels, inquiryOutcomes, inquiryPurposes, inquiryStates } from '../words/inquiries'
import { limitKinds } from '../words/limits'
import { word } from '../words/words'
import { Acts } from './Acts'
import classes from './inquiries.module.css'
import { inquiriesQuery, open, type Inquiry } from './queries'
import { useInquiry } from './useInquiry'

/** Who else was asked to do something for the request, what they said, and what can be done now. */
export function Inquiries({ at }: { at: Standing }) {
  const { id } = at.detail
  const answer = useQuery(inquiriesQuery(id))
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting lines={4} />
  return (
    <Panel title="Asked of others">
      {answer.data.length === 0 && <p className="dim">Nobody else was asked.</p>}
      <ul className={classes.inquiries}>{answer.data.map((i) => <One key={i.id} inquiry={i} at={at} />)}</ul>
    </Panel>
  )
}

function One({ inquiry: i, at }: { inquiry: Inquiry; at: Standing }) {
  const { id, state } = at.detail
  const late = open(i) && new Date(i.due_at) < new Date()
  const settled = i.outcome === 'done' || i.outcome === 'nothing'
  return (
    <li className={classes.inquiry} aria-label={`${i.addressee}: ${word(inquiryPurposes, i.purpose)}`}>
      <div className={classes.head}>
        <strong>{i.addressee}</strong>
        <span>{word(inquiryPurposes, i.purpose)}</span>
        <Tag risk={open(i) ? (late ? 'overdue' : 'track') : settled || i.state === 'closed' ? 'done' : 'overdue'}>{i.outcome ? word(inquiryOutcomes, i.outcome) : word(inquiryStates, i.state)}</Tag>
        <span className="dim">{word(inquiryChannels, i.channel)}{i.address && `, ${i.address}`}{i.system_name && `; ${i.system_name}`}</span>
      </div>
      <Course inquiry={i} />
      {i.instructions && open(i) && <p className={classes.words}><span className="dim">How to ask: </span>{i.instructions}</p>}
      {(i.changes ?? []).length > 0 && <p className={classes.line}><span className="dim">To correct: </span>{(i.changes ?? []).map((c) => `${c.field}: ${c.was ?? '–'} → ${c.becomes ?? '–'}`).join('; ')}</p>}
      {(i.limits ?? []).length > 0 && <p className={classes.line}><span className="dim">About: </span>{(i.limits ?? []).map((l) => word(limitKinds, l)).join(', ')}</p>}
      {i.words && <p className={classes.words}><span className="dim">They said: </span>{i.words}</p>}
      <Files inquiry={i} request={id} />
      <Acts inquiry={i} request={id} state={state} />
    </li>
  )
}

/** What happened to an inquiry so far, in a sentence. */
function Course({ inquiry: i }: { inquiry: Inquiry }) {
  const { nameOf } = useStaff()
  return (
    <p className={`dim ${classes.line}`}>
      {i.asked_at ? <>Asked on <Day at={i.asked_at} /></> : 'Not asked yet'}
      {i.reminders > 0 && `, reminded ${i.reminders === 1 ? 'once' : `${i.reminders} times`}`}
      {i.seen_at && <>, looked at on <Day at={i.seen_at} /></>}
      {i.ended_at ? <>, {word(inquiryStates, i.state).toLowerCase()} on <Day at={i.ended_at} />{nameOf(i.ended_by) && ` (entered by ${nameOf(i.ended_by)})`}</> : <>; due on <Day at={i.due_at} /></>}.
      {i.awaited && open(i) && ' The request waits for it.'}
      {!i.awaited && i.purpose === 'erase' && i.system && ' The request went on without it.'}
    </p>
  )
}

function Files({ inquiry: i, request }: { inquiry: Inquiry; request: string }) {
  const files = i.files ?? []
  const may = useMay()
  const [file, setFile] = useState('')
  const remove = useInquiry(request, () => held(api.DELETE('/v1/requests/{id}/inquiries/{inquiry}/files/{file}', { params: { path: { id: request, inquiry: i.id, file } } })), () => undefined)
  if (files.length === 0) return null
  return (
    <>
      <ul className={classes.files}>
        {files.map((f) => (
          <li key={f.id}>
            <a href={`/v1/requests/${request}/inquiries/${i.id}/files/${f.id}`} download={f.name}>{f.name}</a> <span className="dim tabular">{f.bytes.toLocaleString('en-GB')} bytes</span>
            {open(i) && may('remove-inquiry-file') && (file === f.id
              ? <Button size="compact-xs" variant="subtle" color="red.8" ml="xs" loading={remove.doing.isPending} onClick={() => remove.doing.mutate()}>Yes, take it away</Button>
              : <Button size="compact-xs" variant="subtle" ml="xs" aria-label={`Take ${f.name} away`} onClick={() => setFile(f.id)}>Take away</Button>)}
          </li>
        ))}
      </ul>
      {remove.doing.error && <Failure error={remove.doing.error} />}
    </>
  )
}
