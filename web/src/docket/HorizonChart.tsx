import { Tooltip } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import type { Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Flashing, useChanges } from '../page/Flash'
import { dateKey } from '../time/moment'
import { useNow } from '../time/now'
import { daysFrom } from '../time/zoned'
import { count } from '../words/words'
import classes from './docket.module.css'
import { horizonDays, horizonQuery } from './queries'

type HorizonDay = Schemas['HorizonDay']

const parts = [
  { key: 'overdue', name: 'overdue' },
  { key: 'amber', name: 'due soon' },
  { key: 'neutral', name: 'on track' },
  { key: 'paused', name: 'paused' },
] as const

const total = (d: HorizonDay) => d.overdue + d.amber + d.neutral + d.paused
const told = (d: HorizonDay) => parts.filter((p) => d[p.key] > 0).map((p) => `${d[p.key]} ${p.name}`).join(', ')

/** One question: what falls due when. */
export function HorizonChart({ until }: { until?: string }) {
  const answer = useQuery(horizonQuery)
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  return (
    <section className={classes.horizon} aria-label="What falls due on which day">
      {answer.data ? <Bars horizon={answer.data} until={until} /> : <div className={classes.bars} />}
    </section>
  )
}

function Bars({ horizon, until }: { horizon: Schemas['HorizonView']; until?: string }) {
  const now = useNow()
  const today = dateKey(now, horizon.zone)
  const narrow = useMediaQuery('(max-width: 700px)', false, { getInitialValueInEffect: false })
  const days = daysFrom(today, narrow ? 10 : horizonDays) // fewer, so that a finger hits one
  const byDay = new Map((horizon.days ?? []).map((d) => [d.day, d]))
  const before: HorizonDay = { day: 'before', overdue: horizon.overdue_before, amber: 0, neutral: 0, paused: 0 }
  const columns = days.map((day) => byDay.get(day) ?? { day, overdue: 0, amber: 0, neutral: 0, paused: 0 })
  const most = Math.max(1, total(before), ...columns.map(total))
  const used = parts.filter((p) => [before, ...columns].some((d) => d[p.key] > 0))
  return (
    <>
      <div className={classes.bars}>
        {total(before) > 0 && <Bar day={before} most={most} label="Overdue" search={{ state: 'overdue' }} />}
        {columns.map((d, i) => <Bar key={d.day} day={d} most={most} label={tick(d.day, i)} search={{ until: d.day }} chosen={until === d.day} weekend={isWeekend(d.day)} />)}
      </div>
      <div className={classes.legend}>
        {used.map((p) => <span key={p.key}><i data-part={p.key} /> {p.name}</span>)}
        <details>
          <summary>As a table</summary>
          <table className={classes.behind}>
            <thead><tr><th scope="col">Day</th>{parts.map((p) => <th scope="col" key={p.key}>{p.name}</th>)}</tr></thead>
            <tbody>
              {[before, ...columns].filter((d) => total(d) > 0).map((d) => (
                <tr key={d.day}><th scope="row">{d.day === 'before' ? 'before today' : d.day}</th>{parts.map((p) => <td key={p.key}>{d[p.key]}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </details>
      </div>
    </>
  )
}

const isWeekend = (day: string) => [0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay())
const date = (day: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(new Date(`${day}T12:00:00Z`))

function tick(day: string, i: number): string {
  if (i === 0) return 'Today'
  if (new Date(`${day}T12:00:00Z`).getUTCDay() === 1 && i > 1) return date(day, { day: 'numeric', month: 'short' })
  return ''
}

interface BarProps {
  day: HorizonDay
  most: number
  label: string
  search: { until?: string; state?: 'overdue' }
  chosen?: boolean
  weekend?: boolean
}

function Bar({ day, most, label, search, chosen, weekend }: BarProps) {
  const n = total(day)
  const changes = useChanges(n)
  const name = day.day === 'before' ? 'Before today' : date(day.day, { weekday: 'short', day: 'numeric', month: 'long' })
  const stack = (
    <>
      {n > 0 && <span className="visually-hidden">{name}, {count(n, 'obligation')}: {told(day)}. </span>}
      <span className={classes.number}>{n > 0 && <Flashing value={n} changes={changes} />}</span>
      <span className={classes.stack}>
        {parts.map((p) => day[p.key] > 0 && <i key={p.key} data-part={p.key} style={{ height: `${(day[p.key] / most) * 72}px` }} />)}
      </span>
      <span className={classes.tick}>{label}</span>
    </>
  )
  if (n === 0) return <span className={classes.bar} data-weekend={weekend || undefined}>{stack}</span>
  return (
    <Tooltip label={`${name}: ${told(day)}`}>
      <Link to="/" search={chosen ? {} : search} className={classes.bar} data-weekend={weekend || undefined} data-chosen={chosen || undefined} data-before={day.day === 'before' || undefined} resetScroll={false}>
        {stack}
      </Link>
    </Tooltip>
  )
}
