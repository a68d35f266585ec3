import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'

import { items } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import { Waiting } from '../page/Waiting'
import { Pages } from '../page/Pages'
import rows from '../page/table.module.css'
import { useMay, useZone } from '../session/session'
import { obligations } from '../words/cases'
import { Board } from './Board'
import classes from './docket.module.css'
import type { BoardFilter } from './filter'
import { grouped } from './grouped'
import { HorizonChart } from './HorizonChart'
import { MyTasks } from './MyTasks'
import { boardQuery } from './queries'

const route = getRouteApi('/inside/')

/** Home: what is owed next, and what waits for somebody. */
export function DocketPage() {
  const filter = route.useSearch()
  const zone = useZone()
  const may = useMay()
  const board = useQuery(boardQuery(filter, zone))
  const owed = board.data && grouped(items(board.data))
  return (
    <Page title="Docket" lead="Everything that is owed, soonest first.">
      <HorizonChart until={filter.until} />
      <div className={classes.columns}>
        <section aria-label="What is owed">
          <BoardFilters filter={filter} />
          {board.isPending && <Waiting lines={12} height={48} />}
          {board.error && <Failure error={board.error} retry={() => void board.refetch()} />}
          {owed?.length === 0 && <NothingOwed filter={filter} />}
          {owed && owed.length > 0 && <Board owed={owed} stale={board.isPlaceholderData} />}
          {board.data && <Pages next={board.data.next_cursor} cursor={filter.cursor} words={['Sooner', 'Soonest', 'Later']} />}
        </section>
        {may('list-tasks') && <MyTasks />}
      </div>
    </Page>
  )
}

const stateChoices = [
  { value: '', label: 'Any state' },
  { value: 'overdue', label: 'Overdue' },
  { value: 'open', label: 'Open' },
  { value: 'paused', label: 'Paused' },
]

function BoardFilters({ filter }: { filter: BoardFilter }) {
  const navigate = useNavigate()
  const narrow = (by: Partial<Record<keyof BoardFilter, string>>) => {
    const next = Object.fromEntries(Object.entries({ ...filter, ...by, cursor: undefined }).filter(([, v]) => v))
    void navigate({ to: '/', search: next, replace: true, resetScroll: false })
  }
  const kinds = [{ value: '', label: 'Anything owed' }, ...Object.entries(obligations).map(([value, label]) => ({ value, label }))]
  const active = Object.keys(filter).some((k) => k !== 'cursor')
  return (
    <div className={rows.filters} role="group" aria-label="Filter">
      <Select aria-label="State" size="xs" data={stateChoices} value={filter.state ?? ''} onChange={(v) => narrow({ state: v ?? '' })} />
      <Select aria-label="What is owed" size="xs" data={kinds} value={filter.kind ?? ''} onChange={(v) => narrow({ kind: v ?? '' })} />
      {filter.until && <span className={classes.until}>due until {filter.until}</span>}
      {active && <Button variant="subtle" size="xs" onClick={() => void navigate({ to: '/', search: {}, replace: true, resetScroll: false })}>Clear</Button>}
    </div>
  )
}

function NothingOwed({ filter }: { filter: BoardFilter }) {
  if (Object.keys(filter).length > 0) return <Empty title="Nothing owed fits the filter" action={<Link to="/" search={{}}>Show everything owed</Link>} />
  return <Empty title="Nothing is owed" action={<Link to="/requests">Go to the requests</Link>}>Each request that comes in brings its obligations here, with the date that its law sets.</Empty>
}
