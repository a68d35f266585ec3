import { Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'

import { items } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import { Pages } from '../page/Pages'
import { Printed } from '../page/Printed'
import table from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import type { DeferredFilter } from './filter'
import { deferredQuery } from './queries'
import { Rows } from './Rows'

const route = getRouteApi('/inside/deferred')

/** What erasures left to its time: what is due next stands first. */
export function DeferredPage() {
  const filter = route.useSearch()
  const answer = useQuery(deferredQuery(filter))
  const lines = answer.data && items(answer.data)
  return (
    <Page title="Deferred erasures" lead="What a law, a hold or the recourse of a person keeps when the rest is erased. It is looked at by itself when its time has come, and what nothing keeps then is erased.">
      <Printed what="Deferred erasures" />
      <Filters filter={filter} />
      {answer.isPending && <Waiting lines={6} height={64} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {lines?.length === 0 && (filter.request || filter.cursor
        ? <Empty title="Nothing waits here" action={<Link to="/deferred" search={{}}>Show all that waits</Link>} />
        : <Empty title="Nothing waits for its time">An erasure leaves something here when the law has it kept, when a legal hold stands, or while the person can still complain about an earlier request.</Empty>)}
      {lines && lines.length > 0 && <Rows lines={lines} stale={answer.isPlaceholderData} />}
      {answer.data && <Pages next={answer.data.next_cursor} cursor={filter.cursor} words={['Sooner', 'Soonest', 'Later']} />}
    </Page>
  )
}

function Filters({ filter }: { filter: DeferredFilter }) {
  const navigate = useNavigate()
  const narrow = (by: Partial<Record<keyof DeferredFilter, string>>) => {
    const next = Object.fromEntries(Object.entries({ ...filter, ...by, cursor: undefined }).filter(([, v]) => v))
    void navigate({ to: '/deferred', search: next, replace: true })
  }
  return (
    <div className={table.filters} role="group" aria-label="Filter">
      <Switch size="xs" style={{ width: 'auto' }} label="Also what is done" checked={filter.done === 'yes'} onChange={(e) => narrow({ done: e.currentTarget.checked ? 'yes' : '' })} />
      {filter.request && <button type="button" className={table.narrowed} onClick={() => narrow({ request: '' })}>Only of one request; show all</button>}
    </div>
  )
}
