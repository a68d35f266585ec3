import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'

import { items } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import { Pages } from '../page/Pages'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Events } from './Events'
import { ExportButton } from './ExportButton'
import { searched } from './filter'
import { Filters } from './Filters'
import { eventsQuery } from './queries'

const Verify = lazy(() => import('./Verify').then((m) => ({ default: m.Verify })))
const route = getRouteApi('/inside/audit')

/** Every change and every refusal, newest first. */
export function AuditPage() {
  const filter = route.useSearch()
  const may = useMay()
  const [verifying, verify] = useDisclosure(false)
  const answer = useQuery(eventsQuery(filter))
  const events = answer.data && items(answer.data)
  const actions = may('export-audit') && (
    <>
      <Button variant="default" onClick={verify.open}>Verify the log</Button>
      <ExportButton />
    </>
  )
  return (
    <Page title="Audit log" lead="Every change and every refusal. Each line has its place in a signed log, so that nothing can be altered or taken out unseen." actions={actions}>
      <Filters filter={filter} />
      {answer.isPending && <Waiting lines={16} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {events?.length === 0 && (searched(filter)
        ? <Empty title="No line fits">Nothing of the kind was recorded in this tenant. Take one of the filters away, or choose a longer time.</Empty>
        : <Empty title="Nothing happened yet">The first request, the first sign-in, the first change of a setting will stand here.</Empty>)}
      {events && events.length > 0 && <Events events={events} stale={answer.isPlaceholderData} />}
      {answer.data && <Pages next={answer.data.next_cursor} cursor={filter.cursor} />}
      <Suspense>{verifying && <Verify onClose={verify.close} />}</Suspense>
    </Page>
  )
}
