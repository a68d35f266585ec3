import { Button, Switch } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'

import { items } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import { Pages } from '../page/Pages'
import { Printed } from '../page/Printed'
import { Waiting } from '../page/Waiting'
import { useMay, useZone } from '../session/session'
import { dateKey } from '../time/moment'
import { useNow } from '../time/now'
import { HoldCard } from './HoldCard'
import { holdsQuery } from './queries'

const PlaceHold = lazy(() => import('./PlaceHold').then((m) => ({ default: m.PlaceHold })))
const route = getRouteApi('/inside/holds')

/** What keeps people's data from being erased, for a matter. */
export function HoldsPage() {
  const may = useMay()
  const zone = useZone()
  const navigate = useNavigate()
  const [placing, place] = useDisclosure(false)
  const { lifted: also, cursor } = route.useSearch()
  const lifted = also === 'yes'
  const answer = useQuery(holdsQuery(lifted, cursor))
  const today = dateKey(useNow(), zone)
  const holds = answer.data && sorted(items(answer.data))
  const button = may('place-hold') && <Button onClick={place.open}>Place a hold</Button>
  return (
    <Page title="Legal holds" lead="What is needed for a dispute is not erased until the hold is lifted. A hold names nobody: people under it are known by marks that cannot be read." actions={button}>
      <Printed what="Legal holds" />
      <Switch mb="sm" size="xs" className="screen-only" label="Also those that were lifted" checked={lifted} onChange={(e) => void navigate({ to: '/holds', search: e.currentTarget.checked ? { lifted: 'yes' } : {}, replace: true })} />
      {answer.isPending && <Waiting lines={4} height={72} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {holds?.length === 0 && <Empty title="No hold stands" action={button}>Place one when data of people is needed for a court, a complaint or a claim. Their erasures wait until it is lifted.</Empty>}
      {holds?.map((h) => <HoldCard key={h.id} hold={h} today={today} />)}
      {answer.data && <Pages next={answer.data.next_cursor} cursor={cursor} />}
      <Suspense>{placing && <PlaceHold today={today} onClose={place.close} />}</Suspense>
    </Page>
  )
}

/** Those of one page: standing ones first, by the day of their review; then those that were lifted. */
function sorted<T extends { lifted_at?: string; review_on: string }>(holds: T[]): T[] {
  return holds.slice().sort((a, b) => Number(!!a.lifted_at) - Number(!!b.lifted_at) || a.review_on.localeCompare(b.review_on))
}
