import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'

import { items, type Schemas } from '../api/client'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Day } from '../time/Moment'
import { Due } from '../time/Due'
import { causes, obligationExplained, obligations, obligationStates } from '../words/cases'
import { count, plain, word } from '../words/words'
import { late } from './commands/allowed'
import { useCommand } from './commands/useCommand'
import classes from './request.module.css'

type Obligation = Schemas['ObligationView']
type DateView = Schemas['DateView']

const standing = (o: Obligation) => ['open', 'paused', 'overdue'].includes(o.state)

/** The clock: everything owed, soonest first, each date one click from the rule that made it. */
export function Owed({ answer, id }: { answer: UseQueryResult<{ items: Obligation[] | null }>; id: string }) {
  const owed = items(answer.data).slice().sort((a, b) => Number(standing(b)) - Number(standing(a)) || a.due.localeCompare(b.due))
  return (
    <Panel title="What is owed">
      {answer.isPending && <Waiting lines={3} height={56} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && owed.length === 0 && <p className="dim">Nothing.</p>}
      {owed.map((o) => <div key={o.id} className={classes.obligation}><OneObligation obligation={o} />{late(o) && <TakeOver id={id} obligation={o} />}</div>)}
    </Panel>
  )
}

function OneObligation({ obligation: o }: { obligation: Obligation }) {
  const dates = o.dates ?? []
  const inForce = dates[dates.length - 1]
  const before = dates.slice(0, -1).reverse()
  return (
    <details>
      <summary className={classes.obligationHead}>
        <span className={classes.obligationName} data-done={!standing(o) || undefined}>{word(obligations, o.kind)}</span>
        {standing(o) ? <Due due={o.due} earliestSafe={o.earliest_safe} state={o.state} /> : <span className="dim">{word(obligationStates, o.state)}</span>}
        <span className={classes.citation}>{o.citation}</span>
      </summary>
      <div className={classes.explained}>
        {obligationExplained[o.kind] && <p>{obligationExplained[o.kind]}</p>}
        {o.met_at && <p>Met on <Day at={o.met_at} />.</p>}
        {o.waived_reason && <p>No longer owed: {plain(o.waived_reason).toLowerCase()}.</p>}
        {o.acknowledged_at && <p>The escalation was taken over on <Day at={o.acknowledged_at} />.</p>}
        {inForce && <Explanation date={inForce} />}
        {before.length > 0 && (
          <>
            <p className={classes.superseded}>{count(before.length, 'earlier date')}, superseded:</p>
            {before.map((d) => <Explanation key={d.seq} date={d} old />)}
          </>
        )}
      </div>
    </details>
  )
}

/** Somebody looks after what is late: it is not escalated again. */
function TakeOver({ id, obligation: o }: { id: string; obligation: Obligation }) {
  const may = useMay()
  const [key] = useState(newKey)
  const order = useCommand(id, () => undefined)
  if (!may('acknowledge-escalation')) return null
  return (
    <div className={classes.takeOver}>
      <Button size="compact-xs" variant="default" loading={order.isPending} onClick={() => order.mutate({ name: 'acknowledge', body: { obligation_id: o.id }, key })}>Take the escalation over</Button>
      {order.error && <Failure error={order.error} />}
    </div>
  )
}

function Explanation({ date, old }: { date: DateView; old?: boolean }) {
  const { explanation } = date
  return (
    <div className={classes.date} data-old={old || undefined}>
      <p className={classes.dateHead}>
        <strong><Day at={date.due} /></strong>
        {date.earliest_safe !== date.due && <span> (on the cautious reading <Day at={date.earliest_safe} />)</span>}
        <span className="dim"> {word(causes, date.cause)}, <Day at={date.set_at} /></span>
      </p>
      <ol className={classes.steps}>
        {(explanation.steps ?? []).map((s) => <li key={s.text}>{s.text}{s.date && <> → <span className="tabular nowrap">{s.date}</span></>}</li>)}
      </ol>
      {!old && <p className={classes.rule}>Rule: {explanation.rule}. {explanation.citation.text}</p>}
    </div>
  )
}
