import { Button, Group, Modal, Radio, Switch } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Secret } from '../page/Secret'
import { Waiting } from '../page/Waiting'
import { staffQuery } from '../requests/queries'
import { useMay, useSession } from '../session/session'
import { Ago } from '../time/Moment'
import classes from './account.module.css'

/** How somebody hears of what is owed without opening the console. */
export function Notices() {
  const may = useMay()
  if (!may('set-digest') && !may('list-calendar-feeds')) return null
  return (
    <Panel title="What reaches you">
      {may('set-digest') && <Digest />}
      {may('list-calendar-feeds') && <Feeds />}
    </Panel>
  )
}

function Digest() {
  const { staff_id: me } = useSession()
  const queries = useQueryClient()
  const staff = useQuery(staffQuery)
  const set = useMutation({
    mutationFn: (digest: boolean) => held(api.PUT('/v1/staff/me/digest', { body: { digest } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['staff'] }),
  })
  if (staff.error) return <Failure error={staff.error} retry={() => void staff.refetch()} />
  if (!staff.data) return <Waiting lines={1} />
  const told = set.isPending ? set.variables : (items(staff.data).find((s) => s.id === me)?.digest ?? false)
  return (
    <>
      <Switch label="A letter each working morning" description="What is overdue, what is due soon, and your tasks. It names no person." checked={told} onChange={(e) => set.mutate(e.currentTarget.checked)} />
      {set.error && <Failure error={set.error} />}
    </>
  )
}

const shown: Record<Schemas['FeedLine']['shows'], string> = { mine: 'Requests assigned to you', all: 'All requests' }

function Feeds() {
  const [making, make] = useDisclosure(false)
  const queries = useQueryClient()
  const feeds = useQuery({ queryKey: ['calendar-feeds'], queryFn: () => held(api.GET('/v1/calendar-feeds')) })
  const end = useMutation({
    mutationFn: (id: string) => held(api.DELETE('/v1/calendar-feeds/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['calendar-feeds'] }),
  })
  const lines = items(feeds.data)
  return (
    <>
      <h3 className={classes.under}>In your calendar</h3>
      <p className="dim" style={{ margin: '0 0 8px' }}>Due dates as events that follow when a date moves. They carry the reference, never a name.</p>
      {feeds.isPending && <Waiting lines={1} />}
      {feeds.error && <Failure error={feeds.error} retry={() => void feeds.refetch()} />}
      {end.error && <Failure error={end.error} />}
      {lines.length > 0 && (
        <ul className={classes.list}>
          {lines.map((f) => (
            <li key={f.id}>
              <span>{shown[f.shows]} <span className="dim">made <Ago at={f.created_at} />, {f.last_used_at ? <>last read <Ago at={f.last_used_at} /></> : 'not read yet'}</span></span>
              <Button size="compact-xs" variant="subtle" loading={end.isPending && end.variables === f.id} onClick={() => end.mutate(f.id)} aria-label={`End the calendar of ${shown[f.shows].toLowerCase()}`}>End it</Button>
            </li>
          ))}
        </ul>
      )}
      <Button size="xs" variant="default" onClick={make.open}>Make a calendar address</Button>
      {making && <NewFeed onClose={make.close} />}
    </>
  )
}

function NewFeed({ onClose }: { onClose: () => void }) {
  const [shows, setShows] = useState<Schemas['FeedLine']['shows']>('mine')
  const queries = useQueryClient()
  const make = useMutation({
    mutationFn: () => held(api.POST('/v1/calendar-feeds', { body: { shows } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['calendar-feeds'] }),
  })
  return (
    <Modal opened onClose={onClose} title="Make a calendar address" closeButtonProps={{ 'aria-label': 'Close' }} closeOnClickOutside={!make.data}>
      {make.data ? <Secret secret={make.data.url} onClose={onClose}>Give this address to your calendar program as a subscription. It is shown only now, and whoever has it reads what is owed.</Secret> : (
        <form onSubmit={(e) => { e.preventDefault(); make.mutate() }}>
          <Radio.Group label="What it shows" value={shows} onChange={(v) => setShows(v as typeof shows)}>
            <Radio mt="xs" value="mine" label={shown.mine} />
            <Radio mt="xs" value="all" label={shown.all} />
          </Radio.Group>
          {make.error && <Failure error={make.error} />}
          <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Discard</Button><Button type="submit" loading={make.isPending}>Make the address</Button></Group>
        </form>
      )}
    </Modal>
  )
}
