import { Link } from '@tanstack/react-router'

import type { Schemas } from '../api/client'
import rows from '../page/table.module.css'
import { actorOf } from '../request/happenings'
import { useStaff } from '../requests/staff'
import { useZone } from '../session/session'
import { clockOf, exactly, longDayOf } from '../time/moment'
import { actions } from '../words/actions'
import { plain, word } from '../words/words'
import classes from './audit.module.css'

type Event = Schemas['EventView']

/** The lines of the log, by day. */
export function Events({ events, stale }: { events: Event[]; stale: boolean }) {
  const zone = useZone()
  const days = new Map<string, Event[]>()
  for (const e of events) {
    const day = longDayOf(e.at, zone)
    days.set(day, [...(days.get(day) ?? []), e])
  }
  return (
    <div className={rows.tableFrame} data-stale={stale || undefined}>
      <table className={`${rows.table ?? ''} ${classes.events ?? ''}`}>
        <thead><tr><th scope="col">Time</th><th scope="col">What</th><th scope="col">Who</th><th scope="col">About</th><th scope="col">Facts</th><th scope="col">Line</th></tr></thead>
        {[...days].map(([day, lines]) => (
          <tbody key={day}>
            <tr className={classes.day}><th scope="rowgroup" colSpan={6}>{day}</th></tr>
            {lines.map((e) => <Line key={e.id} event={e} />)}
          </tbody>
        ))}
      </table>
    </div>
  )
}

const outcomes: Record<string, string> = { refused: 'refused', failed: 'failed', intent: 'about to' }

function Line({ event: e }: { event: Event }) {
  const zone = useZone()
  const { nameOf } = useStaff()
  const facts = Object.entries(e.facts ?? {}).map(([k, v]) => `${k.replaceAll('_', ' ')} ${v}`)
  const outcome = outcomes[e.outcome]
  return (
    <tr>
      <td data-cell="received" className="tabular dim" title={exactly(e.at, zone)}>{clockOf(e.at, zone)}</td>
      <td data-cell="reference">
        {word(actions, e.action)}
        {outcome && <strong className={e.outcome === 'intent' ? undefined : classes.refused}> {outcome}</strong>}
        {e.reason_code && <span className="dim">: {plain(e.reason_code).toLowerCase()}</span>}
      </td>
      <td data-cell="due" className={rows.name}>{actorOf(e, nameOf)}{e.actor_role && <span className="dim"> {e.actor_role}</span>}</td>
      <td data-cell="right" className="nowrap">{e.request_id ? <Link to="/requests/$id" params={{ id: e.request_id }}>a request</Link> : <span className="dim">{plain(e.object_kind).toLowerCase()}</span>}</td>
      <td data-cell="law" className={classes.facts}>{facts.join(', ')}</td>
      <td data-cell="state" className="tabular dim">{e.leaf === undefined ? 'waits' : e.leaf.toLocaleString('en-GB')}</td>
    </tr>
  )
}
