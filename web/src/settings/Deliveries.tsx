import { Button } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'

import { api, held, items, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import rows from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { count } from '../words/words'
import classes from './settings.module.css'

type Delivery = Schemas['DeliveryView']

const states: Record<string, string> = { queued: 'Waiting', sent: 'Taken', failed: 'Given up' }

/** What was sent to a webhook, newest first. What waits is looked at again while it does. */
export function Deliveries({ id }: { id: string }) {
  const log = useInfiniteQuery({
    queryKey: ['webhooks', id, 'deliveries'],
    queryFn: ({ pageParam }) => held(api.GET('/v1/webhooks/{id}/deliveries', { params: { path: { id }, query: { limit: 25, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: (q) => (q.state.data?.pages.flatMap(items).some((d) => d.state === 'queued') ? 2000 : false),
  })
  if (log.error) return <Failure error={log.error} retry={() => void log.refetch()} />
  if (!log.data) return <Waiting lines={3} height={32} />
  const lines = log.data.pages.flatMap(items)
  if (lines.length === 0) return <p className="dim">Nothing was sent in the last 30 days.</p>
  return (
    <div className={classes.log}>
      <table className={rows.table}>
        <thead><tr><th scope="col">Event</th><th scope="col">When</th><th scope="col">State</th><th scope="col">Last try</th><th scope="col"><span className="visually-hidden">Send again</span></th></tr></thead>
        <tbody>{lines.map((d) => <Line key={d.id} webhook={id} delivery={d} />)}</tbody>
      </table>
      {log.hasNextPage && <Button mt="xs" size="xs" variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>Older</Button>}
    </div>
  )
}

function Line({ webhook, delivery: d }: { webhook: string; delivery: Delivery }) {
  const may = useMay()
  const queries = useQueryClient()
  const again = useMutation({
    mutationFn: () => held(api.POST('/v1/webhooks/{id}/deliveries/{delivery}/redeliver', { params: { path: { id: webhook, delivery: d.id } } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['webhooks', webhook] }),
  })
  return (
    <tr>
      <td data-cell="reference">
        <details><summary>{d.action}</summary><pre className={classes.body}>{JSON.stringify(d.body, null, 2)}</pre></details>
      </td>
      <td data-cell="received" className="dim"><Ago at={d.created_at} /></td>
      <td data-cell="due" className={rows.overdue} data-some={d.state === 'failed' || undefined}>{states[d.state]}{d.attempts > 1 && <span className="dim"> after {count(d.attempts, 'try', 'tries')}</span>}</td>
      <td data-cell="right" className="dim">{d.last_status}{d.next_attempt_at && d.state === 'queued' && new Date(d.next_attempt_at).getTime() > Date.parse(d.created_at) + 1000 && <>, tried again later</>}</td>
      <td data-cell="state">{d.state !== 'queued' && may('redeliver') && <Button size="compact-xs" variant="subtle" loading={again.isPending} onClick={() => again.mutate()}>Send again</Button>}{again.error && <Failure error={again.error} />}</td>
    </tr>
  )
}
