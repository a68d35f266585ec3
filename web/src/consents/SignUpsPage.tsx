import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Fragment } from 'react'

import { items, type Schemas } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Printed } from '../page/Printed'
import rows from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import classes from './consents.module.css'
import type { FunnelFilter } from './filter'
import { funnelQuery, purposesQuery, titleOf, type Purpose } from './queries'
import { dateOf } from './sentences'
import { useChosenWeek } from './useChosenWeek'
import { Weeks, type Week } from './Weeks'

type Count = Pick<FunnelWeek, 'requested' | 'confirmed' | 'standing'>
type FunnelWeek = Schemas['FunnelWeek']
type Part = Schemas['FunnelPart']

const route = getRouteApi('/inside/consents/sign-ups')

/** What became of sign-ups: how many were confirmed, and of how many it still stands. */
export function SignUpsPage() {
  const may = useMay()
  const navigate = useNavigate()
  const filter = route.useSearch()
  const answer = useQuery(funnelQuery(filter))
  const purposes = useQuery({ ...purposesQuery, enabled: may('list-consent-purposes') })
  const known = items(purposes.data)
  const narrow = (by: FunnelFilter) => void navigate({ to: '/consents/sign-ups', search: Object.fromEntries(Object.entries({ ...filter, ...by }).filter(([, v]) => v)), replace: true })
  const all = answer.data?.weeks.reduce(sum, { requested: 0, confirmed: 0, standing: 0 })
  return (
    <>
      <Printed what={`Sign-ups${answer.data ? `, ${answer.data.from} to ${answer.data.to}` : ''}`} />
      <p className="dim prose" style={{ marginTop: 0 }}>Who signs up gets a letter, and has agreed once they confirm it from their mailbox. Each is counted in the week in which they signed up, whenever they confirmed it. Nobody is named.</p>
      <div className={rows.filters} role="group" aria-label="Filter" style={{ alignItems: 'end' }}>
        <TextInput size="xs" type="date" label="From the week of" value={filter.from ?? answer.data?.from ?? ''} onChange={(e) => narrow({ from: e.currentTarget.value })} />
        <TextInput size="xs" type="date" label="Until" value={filter.to ?? answer.data?.to ?? ''} onChange={(e) => narrow({ to: e.currentTarget.value })} />
        <Select size="xs" label="Purpose" data={[{ value: '', label: 'All' }, ...known.map((p) => ({ value: p.key, label: titleOf(known, p.key) }))]} value={filter.purpose ?? ''} onChange={(v) => narrow({ purpose: v ?? '' })} />
      </div>
      {answer.isPending && <Waiting lines={6} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {all?.requested === 0 && <Empty title="Nobody signed up in this time">Sign-ups come in by the forms of your sites and by the pages of Docket, and wait for a confirmation from the mailbox.</Empty>}
      {answer.data && all && all.requested > 0 && <Drawn weeks={answer.data.weeks} all={all} purposes={known} />}
    </>
  )
}

const sum = (a: Count, b: Count): Count => ({ requested: a.requested + b.requested, confirmed: a.confirmed + b.confirmed, standing: a.standing + b.standing })
const number = (n: number) => n.toLocaleString('en-GB')
const share = (part: number, of: number) => (of === 0 ? '' : `${((100 * part) / of).toLocaleString('en-GB', { maximumFractionDigits: 0 })} %`)

const names = ['still standing', 'confirmed, ended since', 'not confirmed']

function Drawn({ weeks, all, purposes }: { weeks: FunnelWeek[]; all: Count; purposes: Purpose[] }) {
  const { week, choose, mark } = useChosenWeek()
  const bars: Week[] = weeks.map((w) => ({
    from: w.from, total: w.requested,
    parts: [w.standing, w.confirmed - w.standing, w.requested - w.confirmed].map((n, i) => ({ name: names[i] ?? '', count: n })).filter((p) => p.count > 0),
  }))
  return (
    <>
      <ol className={classes.steps} aria-label="How far they came">
        <Step name="signed up" n={all.requested} of={all.requested} />
        <Step name="confirmed it" n={all.confirmed} of={all.requested} />
        <Step name="still stand" n={all.standing} of={all.requested} />
      </ol>
      <ByWords parts={weeks.flatMap((w) => w.parts)} purposes={purposes} />
      <Panel title="Week by week">
        <Weeks weeks={bars} names={names} what={['sign-up', 'sign-ups']} label="Chart: sign-ups by week" chosen={week} choose={choose} />
        <div className={classes.scroll} role="region" aria-label="Figures" tabIndex={0}>
          <table className={`${rows.table ?? ''} ${classes.figures ?? ''}`}>
            <Heads first="Week from" />
            <tbody>
              {weeks.filter((w) => w.requested > 0).map((w) => (
                <Fragment key={w.from}>
                  <tr {...mark(w.from)}><th scope="row">{dateOf(w.from)}</th><Figures of={w} /></tr>
                  {w.parts.map((p) => <tr key={partKey(p)}><td className={classes.partName}><PartName of={p} purposes={purposes} /></td><Figures of={p} quiet /></tr>)}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
    </>
  )
}

function Heads({ first }: { first: string }) {
  return <thead><tr><th scope="col">{first}</th>{['Signed up', 'Confirmed', '% of sign-ups', 'Still standing', '% of sign-ups'].map((h, i) => <th scope="col" key={i}>{h}</th>)}</tr></thead>
}

const partKey = (p: Part) => `${p.purpose} ${p.language ?? ''} ${p.version ?? 0}`

function PartName({ of: p, purposes }: { of: Part; purposes: Purpose[] }) {
  return <>{titleOf(purposes, p.purpose)}<span className="dim">{p.version ? `, ${p.language ?? ''} version ${p.version}` : ', words not known'}</span></>
}

/** Which words bring people to confirm, over the whole time. */
function ByWords({ parts, purposes }: { parts: Part[]; purposes: Purpose[] }) {
  const sums = new Map<string, Part>()
  for (const p of parts) sums.set(partKey(p), { ...p, ...sum(p, sums.get(partKey(p)) ?? { requested: 0, confirmed: 0, standing: 0 }) })
  return (
    <Panel title="By purpose and words">
      <div className={classes.scroll} role="region" aria-label="Figures by purpose and words" tabIndex={0}>
        <table className={`${rows.table ?? ''} ${classes.figures ?? ''}`}>
          <Heads first="Purpose and words" />
          <tbody>{[...sums].sort(([a], [b]) => a.localeCompare(b)).map(([key, p]) => <tr key={key}><th scope="row"><PartName of={p} purposes={purposes} /></th><Figures of={p} /></tr>)}</tbody>
        </table>
      </div>
    </Panel>
  )
}

function Step({ name, n, of }: { name: string; n: number; of: number }) {
  return (
    <li className={classes.step}>
      <strong>{number(n)}</strong>
      <span>{name}</span>
      {n !== of && <span className="dim">{share(n, of)} of those who signed up</span>}
      <span className={classes.meter} aria-hidden><i style={{ width: `${(100 * n) / Math.max(1, of)}%` }} /></span>
    </li>
  )
}

function Figures({ of: c, quiet }: { of: Count; quiet?: boolean }) {
  const dim = quiet ? 'dim' : undefined
  return (
    <>
      <td className={dim}>{number(c.requested)}</td><td className={dim}>{number(c.confirmed)}</td><td className="dim">{share(c.confirmed, c.requested)}</td>
      <td className={dim}>{number(c.standing)}</td><td className="dim">{share(c.standing, c.requested)}</td>
    </>
  )
}
