import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'

import { items, type Schemas } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import rows from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { LawName } from '../rules/LawName'
import { rights } from '../words/cases'
import { startOfDay } from '../time/zoned'
import { word } from '../words/words'
import { days, Figure, share } from './Figure'
import { OnTime, StillOpen } from './Months'
import { timelinessQuery } from './queries'
import classes from './reports.module.css'

type Line = Schemas['TimelinessLine']

const monthName = (month: string) => new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${month}-15T00:00:00Z`))

/** Whether requests are answered in time. */
export function Timeliness({ from, to }: { from: string; to: string }) {
  const navigate = useNavigate()
  const answer = useQuery({ ...timelinessQuery(from, to), enabled: from <= to })
  const lines = items(answer.data).slice().sort((a, b) => b.month.localeCompare(a.month) || b.received.count - a.received.count)
  const set = (by: { from?: string; to?: string }) => void navigate({ to: '/reports', search: { from, to, ...by }, replace: true })
  return (
    <>
      <div className={`${rows.filters ?? ''} ${classes.asked ?? ''}`} role="group" aria-label="Time">
        <TextInput size="xs" type="date" label="Received from" value={from} onChange={(e) => { if (e.currentTarget.value) set({ from: e.currentTarget.value }) }} />
        <TextInput size="xs" type="date" label="until" value={to} error={from > to ? 'It lies before the first day.' : undefined} onChange={(e) => { if (e.currentTarget.value) set({ to: e.currentTarget.value }) }} />
      </div>
      {answer.isPending && from <= to && <Waiting lines={8} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && lines.length === 0 && <Empty title="No request came in then">Choose another time: what counts is the day on which a request was received.</Empty>}
      {answer.data && lines.length > 0 && (
        <>
          <Charts lines={lines} from={startOfDay(from, answer.data.zone)} before={startOfDay(to, answer.data.zone, 1)} />
          <Table lines={lines} />
          <p className="dim prose">Counted by the month of receipt in {answer.data.zone}, as the requests stand now. On time is what was answered by the date in force then. Days are elapsed time from receipt to answer, not days of a law’s calendar.</p>
        </>
      )}
    </>
  )
}

function Charts({ lines, from, before }: { lines: Line[]; from: string; before: string }) {
  const range = { received_from: from, received_before: before }
  return <div className={classes.charts}><OnTime lines={lines} range={range} /><StillOpen lines={lines} range={range} /></div>
}

function Table({ lines }: { lines: Line[] }) {
  return (
    <div className={classes.wide} tabIndex={0} role="region" aria-label="Figures">
      <table className={`${rows.table ?? ''} ${classes.figures ?? ''}`} data-names="3">
        <thead>
          <tr>
            <th scope="col">Month</th><th scope="col">Right</th><th scope="col">Law</th>
            {['Received', 'Closed', 'On time', 'Late', 'On-time rate', 'Open', 'Overdue', 'Extended', 'Mean days', 'Median days'].map((h) => <th scope="col" key={h}>{h}</th>)}
          </tr>
        </thead>
        <tbody>
          {lines.map((l) => (
            <tr key={`${l.month}${l.right}${l.regime}`}>
              <th scope="row">{monthName(l.month)}</th><td>{word(rights, l.right)}</td><td className="dim"><LawName id={l.regime} /></td>
              <td><Figure of={l.received} name="Received" /></td><td><Figure of={l.closed} name="Closed" /></td><td><Figure of={l.on_time} name="On time" /></td>
              <td className={rows.overdue} data-some={l.late.count > 0 || undefined}><Figure of={l.late} name="Late" /></td>
              <td>{share(l.on_time.count, l.on_time.count + l.late.count)}</td>
              <td><Figure of={l.open} name="Open" /></td><td className={rows.overdue} data-some={l.overdue.count > 0 || undefined}><Figure of={l.overdue} name="Overdue" /></td>
              <td><Figure of={l.extended} name="Extended" /></td><td>{days(l.mean_days, l.on_time.count + l.late.count)}</td><td>{days(l.median_days, l.on_time.count + l.late.count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
