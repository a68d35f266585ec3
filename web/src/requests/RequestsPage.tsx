import { Button } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Outlet, useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'

import { items } from '../api/client'
import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { SaveButton } from '../page/SaveButton'
import { Bulk } from './Bulk'
import type { RequestFilter } from './filter'
import { Filters } from './Filters'
import { NoRequests } from './NoRequests'
import { Pages } from '../page/Pages'
import { requestsQuery } from './queries'
import { RequestStrip } from './RequestStrip'
import { RequestTable } from './RequestTable'
import classes from './requests.module.css'
import { useSelection } from './selection'
import { useSettled } from './settled'

const NewRequest = lazy(() => import('./NewRequest').then((m) => ({ default: m.NewRequest })))
const route = getRouteApi('/inside/requests')

/** The list of requests; beside an opened one where there is room for both. */
export function RequestsPage() {
  const opened = useParams({ strict: false }).id
  const wide = useMediaQuery('(min-width: 1280px)', true, { getInitialValueInEffect: false })
  if (!opened) return <RequestList />
  return (
    <div className={classes.beside} data-wide={wide || undefined}>
      {wide && <RequestStripPane opened={opened} />}
      <div className={classes.opened}><Outlet /></div>
    </div>
  )
}

function RequestList() {
  const filter = route.useSearch()
  const may = useMay()
  const [creating, create] = useDisclosure(false)
  const answer = useQuery(requestsQuery(filter))
  const { shown, fresh, show } = useSettled(JSON.stringify(filter), answer.isPlaceholderData ? undefined : answer.data && items(answer.data))
  const rows = shown ?? (answer.data && items(answer.data))
  const able = may('bulk-requests')
  const selection = useSelection(JSON.stringify(filter), rows, able)
  return (
    <Page title="Requests" lead={filter.order === 'due' ? 'What people have asked for and are owed an answer to, soonest first.' : 'What people have asked for, newest first.'} actions={<Actions filter={filter} create={create.open} />}>
      <Filters filter={filter} />
      {able && <Bulk selection={selection} lines={rows ?? []} />}
      {fresh > 0 && <button type="button" className={classes.fresh} onClick={show}>{fresh} new above. Show</button>}
      {answer.isPending && <Waiting lines={12} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {rows?.length === 0 && <NoRequests filter={filter} onCreate={may('create-request') ? create.open : undefined} />}
      {rows && rows.length > 0 && <RequestTable rows={rows} stale={answer.isPlaceholderData} selection={able ? selection : undefined} />}
      {answer.data && <Pages next={answer.data.next_cursor} cursor={filter.cursor} words={filter.order === 'due' ? ['Sooner', 'Soonest', 'Later'] : undefined} />}
      <Suspense>{creating && <NewRequest onClose={create.close} />}</Suspense>
    </Page>
  )
}

function Actions({ filter, create }: { filter: RequestFilter; create: () => void }) {
  const may = useMay()
  const query = new URLSearchParams(Object.entries(filter).filter(([k]) => k !== 'cursor' && k !== 'order')).toString()
  return (
    <>
      {may('export-requests') && <SaveButton path={`/v1/requests/export?${query}`} name="requests.csv">Export as CSV</SaveButton>}
      {may('create-request') && <Button onClick={create}>New request</Button>}
    </>
  )
}

function RequestStripPane({ opened }: { opened: string }) {
  const filter = route.useSearch()
  const answer = useQuery(requestsQuery(filter))
  const rows = answer.data && items(answer.data)
  const { shown, fresh, show } = useSettled(JSON.stringify(filter), rows)
  return (
    <section className={classes.strip} aria-label="Requests">
      <Filters filter={filter} compact />
      {fresh > 0 && <button type="button" className={classes.fresh} onClick={show}>{fresh} new above. Show</button>}
      {answer.isPending && <Waiting lines={10} height={57} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {rows?.length === 0 && <NoRequests filter={filter} />}
      {shown && <RequestStrip rows={shown} opened={opened} />}
      {answer.data && <Pages next={answer.data.next_cursor} cursor={filter.cursor} compact />}
    </section>
  )
}
