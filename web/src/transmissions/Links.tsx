import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Tag } from '../page/Tag'
import { Waiting } from '../page/Waiting'
import type { Standing } from '../request/commands/allowed'
import { useMay } from '../session/session'
import { Ago, Day } from '../time/Moment'
import { askers, linkEnds } from '../words/transmissions'
import { word } from '../words/words'
import { MakeLink } from './MakeLink'
import { transmissionLinksQuery, type TransmissionLink } from './queries'
import { TakeBack } from './TakeBack'
import classes from './transmissions.module.css'

/** The links by which other companies fetch what a person takes along, and what was fetched by them. */
export function Links({ at }: { at: Standing }) {
  const { id } = at.detail
  const may = useMay()
  const answer = useQuery(transmissionLinksQuery(id))
  const [making, setMaking] = useState(false)
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting lines={4} />
  const linkable = may('make-transmission-link') && at.packages.some((p) => p.state === 'ready')
  return (
    <Panel title="Links for other companies" actions={linkable && <Button size="xs" variant="default" onClick={() => setMaking(true)}>Make a link</Button>}>
      {answer.data.length === 0 && <p className="dim">No link was made. A company that fetches data itself does so by a link, which the person makes on their page; you can do it for them.</p>}
      <ul className={classes.list}>{answer.data.map((l) => <One key={l.id} link={l} request={id} />)}</ul>
      {making && <MakeLink request={id} onClose={() => setMaking(false)} />}
    </Panel>
  )
}

function One({ link: l, request }: { link: TransmissionLink; request: string }) {
  const may = useMay()
  const [ending, setEnding] = useState(false)
  const whole = l.fetches.filter((f) => f.whole)
  const broken = l.fetches.filter((f) => f.ended_at && !f.whole).length
  const last = whole.at(-1)?.ended_at
  const state = l.state === 'open' ? 'Works' : word(linkEnds, l.reason)
  return (
    <li className={classes.one} aria-label={`Link for ${l.receiver}: ${state}`}>
      <div className={classes.head}>
        <strong>{l.receiver}</strong>
        <Tag risk={l.state === 'open' ? 'soon' : 'done'}>{state}</Tag>
        <span className="dim">made by {word(askers, l.made_by)}, <Ago at={l.made_at} /></span>
      </div>
      <p className={classes.words}>
        {whole.length === 0 ? 'Nobody has fetched the data with it.' : <>The data was fetched {whole.length === 1 ? 'once' : `${whole.length} times`}{last && <>, last <Ago at={last} /></>}.</>}
        {broken > 0 && ` Broken off: ${broken}.`}
      </p>
      {l.state === 'open' && (
        <>
          <p className={classes.words}>It works until <Day at={l.expires_at} />, or the fifth fetch.</p>
          {may('end-transmission-link') && <div className={classes.acts}><Button size="xs" variant="default" onClick={() => setEnding(true)}>Take it back</Button></div>}
        </>
      )}
      {ending && <TakeBack request={request} link={l} onClose={() => setEnding(false)} />}
    </li>
  )
}
