import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'

import { items } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import { Waiting } from '../page/Waiting'
import { Pages } from '../page/Pages'
import { useMay, useZone } from '../session/session'
import { Board } from './Board'
import { BoardFilters } from './BoardFilters'
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
      {may('get-horizon') && <HorizonChart until={filter.until} />}
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

function NothingOwed({ filter }: { filter: BoardFilter }) {
  if (Object.keys(filter).length > 0) return <Empty title="Nothing owed fits the filter" action={<Link to="/" search={{}}>Show everything owed</Link>} />
  return <Empty title="Nothing is owed" action={<Link to="/requests">Go to the requests</Link>}>Each request that comes in brings its obligations here, with the date that its law sets.</Empty>
}
