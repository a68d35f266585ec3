import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { items, type Schemas } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Printed } from '../page/Printed'
import rows from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { count } from '../words/words'
import classes from './consents.module.css'
import { forecastQuery, purposesQuery, titleOf, type Purpose } from './queries'
import { dateOf } from './sentences'
import { useChosenWeek } from './useChosenWeek'
import { Weeks, type Week } from './Weeks'

const spans = [{ value: '13', label: 'Three months' }, { value: '26', label: 'Half a year' }, { value: '52', label: 'A year' }, { value: '104', label: 'Two years' }]
const others = 'all others'
const most = 4

/** How many implied consents end in each week, so that people are asked while they still may be. */
export function EndingPage() {
  const may = useMay()
  const [weeks, setWeeks] = useState(26)
  const answer = useQuery(forecastQuery(weeks))
  const purposes = useQuery({ ...purposesQuery, enabled: may('list-consent-purposes') })
  const total = answer.data?.weeks.reduce((n, w) => n + w.total, 0)
  return (
    <>
      <Printed what="Implied consents that end" />
      <p className="dim prose" style={{ marginTop: 0 }}>Consent that a law reads into a purchase, an inquiry or a membership ends by itself. Until then people may be asked to agree, which is itself an advertisement, and from then on no longer. These are the numbers as things stand; nobody is named.</p>
      <div className={rows.filters} role="group" aria-label="Time"><Select size="xs" aria-label="How far ahead" data={spans} value={String(weeks)} onChange={(v) => setWeeks(Number(v ?? 26))} /></div>
      {answer.isPending && <Waiting lines={6} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {total === 0 && <Empty title="No implied consent ends in this time">Express consent does not end by itself, and what has no day to end on is not counted here.</Empty>}
      {answer.data && total !== undefined && total > 0 && <Drawn weeks={answer.data.weeks} purposes={items(purposes.data)} total={total} />}
    </>
  )
}

function Drawn({ weeks, purposes, total }: { weeks: Schemas['ForecastWeek'][]; purposes: Purpose[]; total: number }) {
  const { week, choose, mark } = useChosenWeek()
  const sums = new Map<string, number>()
  for (const w of weeks) for (const p of w.purposes) sums.set(p.purpose, (sums.get(p.purpose) ?? 0) + p.count)
  const keys = [...sums].sort((a, b) => b[1] - a[1]).map(([key]) => key)
  const first = keys.slice(0, keys.length > most + 1 ? most : most + 1)
  const names = [...first.map((k) => titleOf(purposes, k)), ...(keys.length > first.length ? [others] : [])]
  const bars: Week[] = weeks.map((w) => ({ from: w.from, total: w.total, parts: partsOf(w, first, purposes) }))
  const ending = weeks.filter((w) => w.total > 0)
  const [soonest] = ending
  return (
    <Panel title="What ends when">
      <p>{count(total, 'implied consent')} {total === 1 ? 'ends' : 'end'}{soonest && <>, the first in the week from {dateOf(soonest.from)}</>}.</p>
      <Weeks weeks={bars} names={names} what={['implied consent ends', 'implied consents end']} label="Chart: implied consents that end, by week" chosen={week} choose={choose} />
      <div className={classes.scroll} role="region" aria-label="Figures" tabIndex={0}>
        <table className={`${rows.table ?? ''} ${classes.figures ?? ''}`}>
          <thead><tr><th scope="col">Week from</th>{keys.map((k) => <th scope="col" key={k}>{titleOf(purposes, k)}</th>)}<th scope="col">All</th></tr></thead>
          <tbody>
            {ending.map((w) => (
              <tr key={w.from} {...mark(w.from)}>
                <th scope="row">{dateOf(w.from)}</th>
                {keys.map((k) => <td key={k}>{(w.purposes.find((p) => p.purpose === k)?.count ?? 0).toLocaleString('en-GB')}</td>)}
                <td><strong>{w.total.toLocaleString('en-GB')}</strong></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

/** What ends in a week by the purposes that have a pattern of their own, in their order, and by all others. */
function partsOf(w: Schemas['ForecastWeek'], first: string[], purposes: Purpose[]): Week['parts'] {
  const of = (k: string) => w.purposes.find((p) => p.purpose === k)?.count ?? 0
  const named = first.map((k) => ({ name: titleOf(purposes, k), count: of(k) }))
  const rest = w.total - named.reduce((n, p) => n + p.count, 0)
  return [...named, { name: others, count: rest }].filter((p) => p.count > 0)
}
