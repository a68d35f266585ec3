import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { Recipients } from '../erasure/Recipients'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Waiting } from '../page/Waiting'
import type { Standing } from '../request/commands/allowed'
import { requestLimitsQuery } from '../request/queries'
import { useStaff } from '../requests/staff'
import { useMay } from '../session/session'
import { Day } from '../time/Moment'
import { groundExplained, limitExplained, limitKinds, restrictionGrounds } from '../words/limits'
import { word } from '../words/words'
import { Balance } from './Balance'
import { Lift, reasonsFor } from './Lift'
import classes from './limits.module.css'
import { Marks } from './Marks'
import type { Limit } from './queries'
import { Stands } from './Stands'

/** What a request asks to be no longer done, what stands of it, where it is marked, and how it was weighed. */
export function Limits({ at }: { at: Standing }) {
  const { detail } = at
  const answer = useQuery(requestLimitsQuery(detail.id))
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting lines={6} />
  const { ground, against, limits, marks, balance_tests: tests } = answer.data
  return (
    <>
      {ground && <p className={classes.asked}><strong>{word(restrictionGrounds, ground)}.</strong> {groundExplained[ground]}</p>}
      {!ground && <p className={classes.asked}>{detail.right === 'objection' ? 'Against' : 'Opted out of'}: <strong>{(against ?? []).map((k) => word(limitKinds, k).toLowerCase()).join(', ')}</strong>.</p>}
      <Panel title="What may not be done">
        {(limits ?? []).length === 0 && <p className="dim">{detail.state === 'closed' ? 'Nothing was set.' : 'Nothing yet: it stands from the moment it is known who asks.'}</p>}
        <ul className={classes.limits}>{(limits ?? []).map((l) => <OneLimit key={l.id} limit={l} at={at} />)}</ul>
      </Panel>
      {detail.right === 'objection' && <Balance at={at} tests={tests ?? []} />}
      <Marks marks={marks ?? []} />
      {detail.right === 'restriction' && detail.state === 'closed' && detail.outcome === 'fulfilled' && <Recipients id={detail.id} done="restricted" />}
    </>
  )
}

function OneLimit({ limit: l, at }: { limit: Limit; at: Standing }) {
  const may = useMay()
  const { nameOf } = useStaff()
  const [lifting, setLifting] = useState(false)
  const liftable = may('lift-limit') && at.detail.state === 'closed' && !l.lifted_at && reasonsFor(l, at.detail.right).length > 0
  const lifter = nameOf(l.lifted_by)
  return (
    <li className={classes.limit} aria-label={word(limitKinds, l.kind)}>
      <div className={classes.head}>
        <strong>{word(limitKinds, l.kind)}</strong>
        <Stands limit={l} />
        {liftable && <Button className={classes.act} size="xs" variant="default" onClick={() => setLifting(true)} aria-label={`Lift: ${word(limitKinds, l.kind)}`}>Lift</Button>}
      </div>
      <p>{limitExplained[l.kind]}</p>
      <p className="dim">Since <Day at={l.since} />, {l.citation}.{l.ends_at && !l.lifted_at && ' The person was told when it ends; until then it stands.'}{lifter && ` Lifted by ${lifter}.`}</p>
      {lifting && <Lift limit={l} right={at.detail.right} onClose={() => setLifting(false)} />}
    </li>
  )
}
