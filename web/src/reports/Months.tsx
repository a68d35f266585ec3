import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'

import type { Schemas } from '../api/client'
import { Flash } from '../page/Flash'
import { Panel } from '../page/Panel'
import { filterOf, type RequestFilter } from '../requests/filter'
import docket from '../docket/docket.module.css'
import { share } from './Figure'
import classes from './reports.module.css'

type Line = Schemas['TimelinessLine']

// The library that draws is fetched when there is something to draw.
const MonthsChart = lazy(() => import('./MonthsChart').then((m) => ({ default: m.MonthsChart })))

interface Month {
  month: string
  good: number
  late: number
  /** The days of receipt that were counted. */
  range: RequestFilter
}

const dayOf = (month: string) => new Date(`${month}-15T00:00:00Z`)
const monthName = (month: string, year: 'numeric' | '2-digit' = 'numeric') => new Intl.DateTimeFormat('en-GB', { month: 'short', year, timeZone: 'UTC' }).format(dayOf(month))
const sum = (months: Month[], part: (m: Month) => number) => months.reduce((n, m) => n + part(m), 0)

/** The figures of a month of whatever right and law together, the earliest first. */
function monthsOf(lines: Line[], good: (l: Line) => number, late: (l: Line) => number): Month[] {
  const found = new Map<string, Month>()
  for (const l of lines) {
    const { received_from, received_before } = filterOf(l.received.filters?.[0] ?? '')
    const m = found.get(l.month) ?? { month: l.month, good: 0, late: 0, range: { received_from, received_before } }
    found.set(l.month, { ...m, good: m.good + good(l), late: m.late + late(l) })
  }
  return [...found.values()].sort((a, b) => a.month.localeCompare(b.month))
}

interface Range {
  lines: Line[]
  range: RequestFilter
}

/** One question: are we on time. */
export function OnTime({ lines, range }: Range) {
  const months = monthsOf(lines, (l) => l.on_time.count, (l) => l.late.count)
  const good = sum(months, (m) => m.good)
  const late = sum(months, (m) => m.late)
  return (
    <Panel title="Are we on time">
      <p className={classes.said}>
        {good + late === 0 ? 'Nothing was answered yet.' : <><strong>{share(good, good + late)}</strong> of what was answered was on time: <Number n={good} to={{ ...range, on_time: 'yes' }} name="On time" /> of {(good + late).toLocaleString('en-GB')}, {late > 0 ? <><Number n={late} to={{ ...range, on_time: 'no' }} name="Late" /> late</> : 'none late'}.</>}
      </p>
      {good + late > 0 && <Chart months={months} names={['on time', 'late']} filters={[{ on_time: 'yes' }, { on_time: 'no' }]} label={(m) => (m.good + m.late === 0 ? '' : share(m.good, m.good + m.late))} />}
    </Panel>
  )
}

/** One question: where do requests wait, by how long they have been here. */
export function StillOpen({ lines, range }: Range) {
  const months = monthsOf(lines, (l) => Math.max(0, l.open.count - l.overdue.count), (l) => l.overdue.count)
  const good = sum(months, (m) => m.good)
  const late = sum(months, (m) => m.late)
  return (
    <Panel title="What still waits for an answer">
      <p className={classes.said}>
        {good + late === 0 ? 'Nothing is open.' : <><Number n={good + late} to={{ ...range, open: 'yes' }} name="Open" /> {good + late === 1 ? 'is' : 'are'} open, {late > 0 ? <><Number n={late} to={{ ...range, open: 'yes', overdue: 'yes' }} name="Overdue" /> of them overdue</> : 'none of them overdue'}, by the month in which they came in.</>}
      </p>
      {good + late > 0 && <Chart months={months} names={['open', 'overdue']} filters={[{ open: 'yes' }, { open: 'yes', overdue: 'yes' }]} label={(m) => (m.good + m.late === 0 ? '' : (m.good + m.late).toLocaleString('en-GB'))} whole />}
    </Panel>
  )
}

function Number({ n, to, name }: { n: number; to: RequestFilter; name: string }) {
  if (n === 0) return <>0</>
  return <Link to="/requests" search={to} aria-label={`${name}: ${n.toLocaleString('en-GB')}`}><Flash value={n} /></Link>
}

interface ChartProps {
  months: Month[]
  names: [good: string, late: string]
  filters: [good: RequestFilter, late: RequestFilter]
  label: (m: Month) => string
  /** The first filter leads to both parts together. */
  whole?: boolean
}

/** The bars, what their colours mean, and the table behind them, whose figures are links. */
function Chart({ months, names, filters, label, whole }: ChartProps) {
  const bars = months.map((m) => ({ month: monthName(m.month, '2-digit'), good: m.good, late: m.late, label: label(m) }))
  return (
    <>
      <div className={classes.chart} aria-hidden>
        <Suspense><MonthsChart bars={bars} /></Suspense>
      </div>
      <div className={docket.legend}>
        <span><i data-part="neutral" /> {whole ? 'open, not overdue' : names[0]}</span>
        <span><i data-part="overdue" /> {names[1]}</span>
        <details>
          <summary>As a table</summary>
          <table className={docket.behind}>
            <thead><tr><th scope="col">Month</th>{names.map((n) => <th scope="col" key={n}>{n}</th>)}</tr></thead>
            <tbody>
              {months.map((m) => (
                <tr key={m.month}>
                  <th scope="row">{monthName(m.month)}</th>
                  <td><Number n={whole ? m.good + m.late : m.good} to={{ ...m.range, ...filters[0] }} name={`${monthName(m.month)}, ${names[0]}`} /></td>
                  <td><Number n={m.late} to={{ ...m.range, ...filters[1] }} name={`${monthName(m.month)}, ${names[1]}`} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      </div>
    </>
  )
}
