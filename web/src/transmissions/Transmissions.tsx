import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Tag } from '../page/Tag'
import { Waiting } from '../page/Waiting'
import type { Standing } from '../request/commands/allowed'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { askers, transmissionReasons, transmissionStates } from '../words/transmissions'
import { word } from '../words/words'
import { transmissionsQuery, type Transmission } from './queries'
import { Refuse } from './Refuse'
import classes from './transmissions.module.css'
import { Transmit } from './Transmit'

/** Whom the data that a person takes along was sent to directly, and what came of it. */
export function Transmissions({ at }: { at: Standing }) {
  const { id } = at.detail
  const may = useMay()
  const answer = useQuery(transmissionsQuery(id))
  const [sending, setSending] = useState(false)
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting lines={4} />
  const open = answer.data.some((t) => t.state === 'open')
  const sendable = may('transmit') && !open && at.packages.some((p) => p.state === 'ready')
  return (
    <Panel title="Sent to other companies" actions={sendable && <Button size="xs" variant="default" onClick={() => setSending(true)}>Send it to another company</Button>}>
      {answer.data.length === 0 && <p className="dim">The data was sent to nobody. The person can have it sent on their page, to an address that takes an upload; you can do it for them.</p>}
      <ul className={classes.list}>{answer.data.map((t) => <One key={t.id} transmission={t} request={id} again={() => void answer.refetch()} />)}</ul>
      {sending && <Transmit request={id} onClose={() => setSending(false)} />}
    </Panel>
  )
}

const risks = { open: 'soon', sent: 'done', failed: 'overdue', refused: 'done' } as const

function One({ transmission: t, request, again }: { transmission: Transmission; request: string; again: () => void }) {
  const may = useMay()
  const [refusing, setRefusing] = useState(false)
  return (
    <li className={classes.one} aria-label={`${t.receiver}: ${word(transmissionStates, t.state)}`}>
      <div className={classes.head}>
        <strong>{t.receiver}</strong>
        <Tag risk={risks[t.state]}>{word(transmissionStates, t.state)}</Tag>
        <span className="dim">asked for by {word(askers, t.asked_by)}, <Ago at={t.asked_at} /></span>
      </div>
      {t.reason && <p className={classes.words}>{word(transmissionReasons, t.reason)}{t.status ? `; it answered ${t.status}` : ''}.</p>}
      {t.state === 'sent' && <p className={classes.words}>{(t.bytes ?? 0).toLocaleString('en-GB')} bytes were taken, with the check sum <code>{t.sha256?.slice(0, 16)}…</code>.</p>}
      {t.state === 'open' && (
        <>
          <p className={classes.words}>{t.refused_at ? 'It ends as not feasible once the try on its way is over; what the receiver takes by then was sent.' : 'It is tried for about a day; then the person is told that it did not work.'}</p>
          <div className={classes.acts}>
            <Button size="xs" variant="default" onClick={again}>Look again</Button>
            {may('refuse-transmission') && !t.refused_at && <Button size="xs" variant="default" onClick={() => setRefusing(true)}>It is not feasible</Button>}
          </div>
        </>
      )}
      {refusing && <Refuse request={request} transmission={t} onClose={() => setRefusing(false)} />}
    </li>
  )
}
