import { Checkbox, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Waiting } from '../page/Waiting'
import { useZone } from '../session/session'
import { exactly, longDayOf } from '../time/moment'
import { obligations, rights } from '../words/cases'
import { word } from '../words/words'
import { Cited } from './Cited'
import classes from './rules.module.css'

const today = () => {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** What a law would make of a request that nobody has filed. */
export function WhatIf({ law }: { law: Schemas['PrivacyRegime'] }) {
  const [right, setRight] = useState(Object.keys(law.rights)[0] ?? 'access')
  const [received, setReceived] = useState(today)
  const [extended, setExtended] = useState(false)
  const moment = new Date(received)
  const valid = !Number.isNaN(moment.getTime())
  const answer = useQuery({
    queryKey: ['explain', law.id, right, received, extended], enabled: valid, staleTime: Infinity, placeholderData: (old: { items: Schemas['PrivacyDeadline'][] | null } | undefined) => old, retry: false,
    queryFn: () => held(api.POST('/v1/policies/{id}/explain', { params: { path: { id: law.id } }, body: { right: right as 'access', received: moment.toISOString(), extended } })),
  })
  return (
    <Panel title="What would be owed">
      <div className={classes.whatIf}>
        <Select label="Right" data={Object.keys(law.rights).map((r) => ({ value: r, label: word(rights, r) }))} value={right} onChange={(v) => setRight(v ?? right)} />
        <TextInput label="Received" type="datetime-local" value={received} onChange={(e) => setReceived(e.currentTarget.value)} error={valid ? undefined : 'Give a day and a time.'} />
        <Checkbox label="Extended" checked={extended} onChange={(e) => setExtended(e.currentTarget.checked)} />
      </div>
      {answer.error && <Failure error={answer.error} />}
      {answer.isPending && valid && <Waiting lines={3} height={56} />}
      {!answer.error && items(answer.data).map((d) => <Deadline key={`${d.kind}${d.citation.text}`} deadline={d} />)}
    </Panel>
  )
}

function Deadline({ deadline: d }: { deadline: Schemas['PrivacyDeadline'] }) {
  const zone = useZone()
  return (
    <details className={classes.deadline} open={d.kind === 'respond'}>
      <summary>
        <span>{word(obligations, d.kind)}</span>
        <strong className="tabular" title={exactly(d.due, zone)}>{longDayOf(d.due, zone)}</strong>
      </summary>
      <ol>{(d.explanation.steps ?? []).map((s) => <li key={s.text}>{s.text}{s.date && <> → <span className="tabular nowrap">{s.date}</span></>}</li>)}</ol>
      {d.earliest_safe !== d.due && <p>On the cautious reading: {longDayOf(d.earliest_safe, zone)}.</p>}
      <p><Cited citation={d.citation} /></p>
    </details>
  )
}
