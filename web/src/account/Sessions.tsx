import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Tag } from '../page/Tag'
import { Waiting } from '../page/Waiting'
import { call } from '../session/calls'
import type { SessionLine } from '../session/contract'
import { Ago } from '../time/Moment'
import { plain } from '../words/words'
import classes from './account.module.css'

/** Where somebody is signed in, and ending it. */
export function Sessions() {
  const queries = useQueryClient()
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: () => call<{ items: SessionLine[] | null }>('GET', '/v1/sessions') })
  const end = useMutation({
    mutationFn: (id?: string) => call('DELETE', id ? `/v1/sessions/${id}` : '/v1/sessions'),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['sessions'] }),
  })
  const all = sessions.data?.items ?? []
  return (
    <Panel title="Signed in on" actions={all.length > 1 && <Button size="xs" variant="default" loading={end.isPending} onClick={() => end.mutate(undefined)}>End all others</Button>}>
      {sessions.error && <Failure error={sessions.error} retry={() => void sessions.refetch()} />}
      {sessions.isPending && <Waiting lines={2} />}
      {end.error && <Failure error={end.error} />}
      <ul className={classes.list}>
        {all.map((s) => (
          <li key={s.id}>
            <span>{s.device} <span className="dim">by {plain(s.method).toLowerCase()}, since <Ago at={s.created_at} />, last used <Ago at={s.last_use_at} /></span></span>
            {s.current ? <Tag>this one</Tag> : <Button size="compact-xs" variant="subtle" onClick={() => end.mutate(s.id)} aria-label={`End it: the session on ${s.device}`}>End it</Button>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
