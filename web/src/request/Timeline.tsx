import { Button, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'

import { items } from '../api/client'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { useStaff } from '../requests/staff'
import { useMay, useZone } from '../session/session'
import { clockOf, dateKey, exactly, longDayOf } from '../time/moment'
import { count } from '../words/words'
import { actorOf, detailed, noise, told, type Entry } from './happenings'
import { pace, timelineQuery } from './queries'
import { useConnection } from '../shell/live'
import classes from './request.module.css'

const Prove = lazy(() => import('../audit/Prove').then((m) => ({ default: m.Prove })))

/** Everything that happened, newest first, by day. */
export function Timeline({ id, reference, state, right }: { id: string; reference: string; state: string; right: string }) {
  const may = useMay()
  const [proving, setProving] = useState(false)
  const zone = useZone()
  const timeline = useQuery({ ...timelineQuery(id), refetchInterval: pace(state, useConnection() === 'live') })
  if (timeline.error) return <Failure error={timeline.error} retry={() => void timeline.refetch()} />
  if (!timeline.data) return <Waiting lines={8} />
  const days = new Map<string, Entry[]>()
  for (const entry of items(timeline.data)) {
    const day = dateKey(entry.at, zone)
    days.set(day, [...(days.get(day) ?? []), entry])
  }
  return (
    <>
      {may('prove-case') && <Button size="xs" variant="default" className="screen-only" onClick={() => setProving(true)}>Prove it by the audit log</Button>}
      {[...days].map(([day, entries]) => <OneDay key={day} entries={entries} right={right} />)}
      <Suspense>{proving && <Prove id={id} reference={reference} onClose={() => setProving(false)} />}</Suspense>
    </>
  )
}

function OneDay({ entries, right }: { entries: Entry[]; right: string }) {
  const zone = useZone()
  const first = entries[0]
  const loud = entries.filter((e) => !noise(e))
  const quiet = entries.filter(noise)
  return (
    <section className={classes.day}>
      <h3 className={classes.dayName}>{first && longDayOf(first.at, zone)}</h3>
      <ol className={classes.entries}>{loud.map((e, i) => <Happening key={`${e.at}${e.what}${i}`} entry={e} right={right} />)}</ol>
      {quiet.length > 0 && (
        <details className={classes.quiet}>
          <summary>{count(quiet.length, 'line')} of evidence and notices to staff</summary>
          <ol className={classes.entries}>{quiet.map((e, i) => <Happening key={`${e.at}${e.what}${i}`} entry={e} right={right} />)}</ol>
        </details>
      )}
    </section>
  )
}

function Happening({ entry, right }: { entry: Entry; right: string }) {
  const zone = useZone()
  const { nameOf } = useStaff()
  const who = actorOf(entry, nameOf)
  const more = detailed(entry, right)
  return (
    <li className={classes.entry} data-kind={entry.kind} data-alarm={(entry.kind === 'message' && entry.state === 'failed') || (entry.kind === 'clock' && entry.what !== 'reminder') || undefined}>
      <Tooltip label={exactly(entry.at, zone)}><time dateTime={entry.at} className={classes.at}>{clockOf(entry.at, zone)}</time></Tooltip>
      <span className={classes.told}>{told(entry, right)}{more && <span className={classes.more}>{more}</span>}</span>
      <span className={classes.by}>{who}</span>
    </li>
  )
}
