import { Link } from '@tanstack/react-router'

import type { Schemas } from '../api/client'
import rows from '../page/table.module.css'
import { actorOf } from '../request/happenings'
import { useZone } from '../session/session'
import { clockOf, exactly, longDayOf } from '../time/moment'
import { actions } from '../words/actions'
import { plain, word } from '../words/words'
import { useActors } from './actors'
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
  const { nameOf } = useActors()
  const facts = Object.entries(e.facts ?? {}).map(([k, v]) => `${k.replaceAll('_', ' ')} ${/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(v) ? exactly(v, zone) : v}`)
  const outcome = outcomes[e.outcome]
  return (
    <tr>
      <td data-cell="received" className="tabular dim" title={exactly(e.at, zone)}>{clockOf(e.at, zone)}</td>
      <td data-cell="reference">
        {word(actions, e.action)}
        {outcome && <strong className={e.outcome === 'intent' ? undefined : classes.refused}> {outcome}</strong>}
        {e.reason_code && <span className="dim">: {plain(e.reason_code).toLowerCase()}</span>}
      </td>
      <td data-cell="due" className={rows.name}><Actor event={e} name={actorOf(e, nameOf)} />{e.actor_role && <span className="dim"> {e.actor_role}</span>}</td>
      <td data-cell="right" className="nowrap"><About event={e} /></td>
      <td data-cell="law" className={classes.facts}>{facts.join(', ')}</td>
      <td data-cell="state" className="tabular dim">{e.leaf === undefined ? 'waits' : e.leaf.toLocaleString('en-GB')}</td>
    </tr>
  )
}

/** Who did it; of people and programs, everything that they did is one click away. */
function Actor({ event: e, name }: { event: Event; name: string }) {
  if (e.actor_kind !== 'person' && e.actor_kind !== 'api_key') return name
  return <Link to="/audit" search={{ actor_id: e.actor_id }} title="Everything that they did">{name}</Link>
}

/** What it was done to: the request, or everything else that happened to the thing. */
function About({ event: e }: { event: Event }) {
  if (e.request_id) return <Link to="/requests/$id" params={{ id: e.request_id }}>{e.reference ?? 'a request'}</Link>
  return <Link to="/audit" search={{ object_id: e.object_id }} title="Everything that happened to it">{plain(e.object_kind).toLowerCase()}</Link>
}
