import { NumberInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'

import { items, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import rows from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { plain } from '../words/words'
import { days, Figure } from './Figure'
import { ccpaQuery } from './queries'
import classes from './reports.module.css'

const kinds: Record<string, string> = { delete: 'Requests to delete', correct: 'Requests to correct', know: 'Requests to know', opt_out: 'Requests to opt out of sale or sharing', limit: 'Requests to limit' }

/** The figures that a large business has to compile and publish for each calendar year. */
export function Ccpa({ year }: { year: number }) {
  const navigate = useNavigate()
  const answer = useQuery(ccpaQuery(year))
  const lines = items(answer.data)
  return (
    <>
      <div className={`${rows.filters ?? ''} ${classes.asked ?? ''}`} role="group" aria-label="Time">
        <NumberInput size="xs" label="Year of receipt" min={2020} max={2199} value={year} onChange={(v) => { if (Number(v) >= 2020 && Number(v) <= 2199) void navigate({ to: '/reports', search: { report: 'ccpa', year: Number(v) }, replace: true }) }} />
      </div>
      {answer.isPending && <Waiting lines={6} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && (
        <Panel title={`Requests of ${answer.data.year} under the CCPA`}>
          <p className="prose dim">The figures of {answer.data.citation}, by the day of receipt in {answer.data.zone}. Answered is with a substantive response; whose sender could not be verified counts as denied. Withdrawn and cancelled are neither.</p>
          <div className={classes.wide} tabIndex={0} role="region" aria-label="Figures"><Table lines={lines} /></div>
          <Denials lines={lines} />
        </Panel>
      )}
    </>
  )
}

function Table({ lines }: { lines: Schemas['CcpaLine'][] }) {
  return (
    <table className={`${rows.table ?? ''} ${classes.figures ?? ''} ${classes.even ?? ''}`}>
      <thead>
        <tr><th scope="col">Kind</th>{['Received', 'Complied with, in whole or in part', 'Denied', 'Withdrawn or cancelled', 'Open', 'Answered', 'Mean days', 'Median days'].map((h) => <th scope="col" key={h}>{h}</th>)}</tr>
      </thead>
      <tbody>
        {lines.map((l) => (
          <tr key={l.kind}>
            <th scope="row">{kinds[l.kind]}</th>
            <td><Figure of={l.received} name="Received" /></td><td><Figure of={l.complied} name="Complied with" /></td><td><Figure of={l.denied} name="Denied" /></td>
            <td><Figure of={l.ended} name="Withdrawn or cancelled" /></td><td><Figure of={l.open} name="Open" /></td>
            <td>{l.answered.toLocaleString('en-GB')}</td><td>{days(l.mean_days, l.answered)}</td><td>{days(l.median_days, l.answered)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Denials({ lines }: { lines: Schemas['CcpaLine'][] }) {
  const denials = lines.flatMap((l) => (l.denials ?? []).map((d) => ({ ...d, kind: l.kind })))
  if (denials.length === 0) return null
  return (
    <>
      <h3 className={classes.sub}>Why requests were denied</h3>
      <ul>{denials.map((d) => <li key={`${d.kind}${d.reason}`}>{kinds[d.kind]}: {plain(d.reason).toLowerCase()}, <Figure of={d.denied} name="Denied" /></li>)}</ul>
    </>
  )
}
