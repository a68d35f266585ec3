import { Link, useNavigate } from '@tanstack/react-router'

import rows from '../page/table.module.css'
import { useStaff } from '../requests/staff'
import { LawName } from '../rules/LawName'
import { Due } from '../time/Due'
import { Day } from '../time/Moment'
import { obligations, pauses, rights, stateOf } from '../words/cases'
import { word } from '../words/words'
import classes from './docket.module.css'
import type { Owed } from './grouped'

const risks = { overdue: 'overdue', amber: 'soon', neutral: 'track', paused: 'paused' } as const

/** Everything owed, soonest first. */
export function Board({ owed, stale }: { owed: Owed[]; stale?: boolean }) {
  const { nameOf } = useStaff()
  return (
    <div className={rows.tableFrame} data-stale={stale || undefined}>
      <table className={`${rows.table ?? ''} ${classes.board ?? ''}`}>
        <thead>
          <tr>
            <th scope="col">Due</th>
            <th scope="col">What is owed</th>
            <th scope="col">Request</th>
            <th scope="col">Right</th>
            <th scope="col">Stands at</th>
            <th scope="col">Assignee</th>
          </tr>
        </thead>
        <tbody>{owed.map((o) => <Row key={o.id} owed={o} assignee={nameOf(o.first.assignee_id)} />)}</tbody>
      </table>
    </div>
  )
}

function Row({ owed: { first: o, kinds }, assignee }: { owed: Owed; assignee?: string }) {
  const navigate = useNavigate()
  const others = kinds.slice(1).map((k) => word(obligations, k))
  return (
    <tr className={rows.row} onClick={(e) => { if (!(e.target as HTMLElement).closest('a')) void navigate({ to: '/requests/$id', params: { id: o.request_id } }) }}>
      <td data-cell="due"><Due due={o.due} earliestSafe={o.earliest_safe} state={o.state} risk={risks[o.risk]} waits={o.paused?.[0]} />{(o.paused ?? []).map((p) => <span key={p.kind} className={classes.since}>since <Day at={p.since} />, until {word(pauses, p.kind)} is here</span>)}</td>
      <td data-cell="owed">
        {word(obligations, kinds[0])}
        <span className={classes.cited}>{o.citation}{others.length > 0 && <span title={others.join(', ')}> and {others.length} more</span>}</span>
      </td>
      <td data-cell="reference"><Link to="/requests/$id" params={{ id: o.request_id }} className="reference" data-row>{o.reference}</Link></td>
      <td data-cell="right">{word(rights, o.right)}<span className={classes.cited}><LawName id={o.regime} /></span></td>
      <td data-cell="state">{stateOf(o.right, o.request_state)}</td>
      <td data-cell="assignee" className={rows.name}>{assignee ?? <span className="dim">nobody</span>}</td>
    </tr>
  )
}
