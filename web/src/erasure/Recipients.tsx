import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Tag } from '../page/Tag'
import { useStaff } from '../requests/staff'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { notToldReasons, recipientRoles, recipientStates } from '../words/erasures'
import { count, word } from '../words/words'
import classes from './erasure.module.css'
import { recipientsQuery, type Recipient } from './queries'
import { Tell } from './Tell'

/** What recipients hear of, by what was done. */
const deeds = {
  erased: { nobody: 'what was erased', that: 'it was erased' },
  corrected: { nobody: 'what was corrected', that: 'it was corrected' },
  restricted: { nobody: 'the data', that: 'it is restricted' },
}

/** Who was given the data and must hear what was done with it (Art. 19 GDPR), and how far each was told. */
export function Recipients({ id, done }: { id: string; done: keyof typeof deeds }) {
  const may = useMay()
  const answer = useQuery({ ...recipientsQuery(id), enabled: may('list-recipients') })
  const [telling, setTelling] = useState<Recipient>()
  if (answer.error) return <Panel title="Recipients"><Failure error={answer.error} retry={() => void answer.refetch()} /></Panel>
  if (!answer.data) return null
  const open = answer.data.filter((r) => r.state === 'to_tell').length
  return (
    <Panel title="Recipients">
      <p className={classes.standing}>{answer.data.length === 0
        ? `No declaration names anybody who was given ${deeds[done].nobody}: nobody has to be told.`
        : <>Whoever was given the data must hear that {deeds[done].that}, unless that is impossible or takes disproportionate effort (Art. 19 GDPR). Docket writes to those with a mailbox or a connector in the declaration, and what they answer stands under “Asked of others”; the others you tell, by the day that stands there, and say so here. {open > 0 ? <strong>{count(open, 'recipient')} still to be told.</strong> : 'Nobody is left to be told.'}</>}</p>
      <ul className={classes.runs}>{answer.data.map((r) => <One key={r.id} recipient={r} tell={may('tell-recipient') && r.state !== 'confirmed' ? () => setTelling(r) : undefined} />)}</ul>
      {telling && <Tell request={id} recipient={telling} onClose={() => setTelling(undefined)} />}
    </Panel>
  )
}

const telling = (r: Recipient) => (r.state === 'to_tell' ? 'Say how far it was told' : 'Say more')

function One({ recipient: r, tell }: { recipient: Recipient; tell?: () => void }) {
  const { nameOf } = useStaff()
  return (
    <li className={classes.run}>
      <div className={classes.runHead}>
        <strong>{r.recipient}</strong>
        <span className="dim">{word(recipientRoles, r.role)}, from {r.system}{r.through && `, told as whoever has ${r.through}`}</span>
        <Tag risk={r.state === 'to_tell' ? 'soon' : r.state === 'confirmed' ? 'done' : undefined}>{word(recipientStates, r.state)}</Tag>
        {tell && <Button className={classes.tell} size="compact-xs" variant="default" onClick={tell} aria-label={`${telling(r)}: ${r.recipient}`}>{telling(r)}</Button>}
      </div>
      <p className={classes.recipientWhat}>
        <span className="dim">Was given {(r.categories ?? []).join(', ')}.</span>
        {r.reason && ` ${word(notToldReasons, r.reason)}.`}
        {r.at && <span className="dim"> {nameOf(r.by) ?? 'A member of staff'}, <Ago at={r.at} />; how stands in the notes.</span>}
      </p>
    </li>
  )
}
