import { Button, Select, Switch } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'

import { items } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import { Pages } from '../page/Pages'
import { Printed } from '../page/Printed'
import table from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Day } from '../time/Moment'
import { limitKinds } from '../words/limits'
import { word } from '../words/words'
import type { LimitFilter } from './filter'
import { limitsQuery, type Limit } from './queries'
import { Stands } from './Stands'

const UseCheck = lazy(() => import('./UseCheck').then((m) => ({ default: m.UseCheck })))
const route = getRouteApi('/inside/limits')

/** What may no longer be done with people's data, and the question whether something may. */
export function LimitsPage() {
  const may = useMay()
  const filter = route.useSearch()
  const [asking, ask] = useDisclosure(false)
  const answer = useQuery(limitsQuery(filter))
  const limits = answer.data && items(answer.data)
  const button = may('check-use') && <Button onClick={ask.open}>May we use this?</Button>
  return (
    <Page title="Limits" lead="What may no longer be done with people’s data: restrictions, objections and opt-outs. The list names nobody; ask about a person before you use their data." actions={button}>
      <Printed what="Limits" />
      <Filters filter={filter} />
      {answer.isPending && <Waiting lines={8} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {limits?.length === 0 && (filter.kind || filter.cursor
        ? <Empty title="No such limit stands" action={<Link to="/limits" search={{}}>Show all limits</Link>} />
        : <Empty title="No limit stands">A request for a restriction, an objection or an opt-out sets one, from the moment it takes effect.</Empty>)}
      {limits && limits.length > 0 && <Table limits={limits} stale={answer.isPlaceholderData} />}
      {answer.data && <Pages next={answer.data.next_cursor} cursor={filter.cursor} />}
      <Suspense>{asking && <UseCheck onClose={ask.close} />}</Suspense>
    </Page>
  )
}

function Filters({ filter }: { filter: LimitFilter }) {
  const navigate = useNavigate()
  const narrow = (by: Record<string, string | undefined>) => {
    const next = Object.fromEntries(Object.entries({ ...filter, ...by, cursor: undefined }).filter(([, v]) => v))
    void navigate({ to: '/limits', search: next, replace: true })
  }
  return (
    <div className={table.filters} role="group" aria-label="Filter">
      <Select aria-label="Kind of limit" size="xs" style={{ width: 220 }} value={filter.kind ?? ''} data={[{ value: '', label: 'Any kind' }, ...Object.entries(limitKinds).map(([value, label]) => ({ value, label }))]} onChange={(v) => narrow({ kind: v ?? '' })} />
      <Switch size="xs" style={{ width: 'auto' }} label="Also those that were lifted" checked={filter.lifted === 'yes'} onChange={(e) => narrow({ lifted: e.currentTarget.checked ? 'yes' : undefined })} />
    </div>
  )
}

function Table({ limits, stale }: { limits: Limit[]; stale: boolean }) {
  const navigate = useNavigate()
  return (
    <div className={table.tableFrame} data-stale={stale || undefined}>
      <table className={table.table}>
        <thead><tr><th scope="col">Reference</th><th scope="col">Limit</th><th scope="col">Since</th><th scope="col">Stands</th><th scope="col">Rule</th></tr></thead>
        <tbody>
          {limits.map((l) => (
            <tr key={l.id} className={table.row} onClick={(e) => { if (!(e.target as HTMLElement).closest('a')) void navigate({ to: '/requests/$id', params: { id: l.request_id } }) }}>
              <td data-cell="reference"><Link to="/requests/$id" params={{ id: l.request_id }} className="reference" data-row={l.id}>{l.reference}</Link></td>
              <td data-cell="right">{word(limitKinds, l.kind)}</td>
              <td data-cell="due"><Day at={l.since} /></td>
              <td data-cell="state"><Stands limit={l} /></td>
              <td data-cell="law" className="dim">{l.citation}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
