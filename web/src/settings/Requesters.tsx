import { Button, Group, Menu, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Secret } from '../page/Secret'
import { Tag } from '../page/Tag'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Day } from '../time/Moment'
import { DirectoryForm } from './DirectoryForm'
import { ProcessorKey } from './ProcessorKey'
import { RequesterForm, vouchable } from './RequesterForm'
import classes from './settings.module.css'

type Requester = Schemas['RequesterView']

/** The companies whose programs file requests for people. */
export function Requesters() {
  const may = useMay()
  const [adding, add] = useDisclosure(false)
  const [importing, bring] = useDisclosure(false)
  const answer = useQuery({ queryKey: ['requesters'], queryFn: () => held(api.GET('/v1/requesters')) })
  const all = answer.data && items(answer.data)
  const buttons = may('create-requester') && (
    <Group gap="xs"><Button variant="default" onClick={bring.open}>Import a directory</Button><Button onClick={add.open}>Add a requester</Button></Group>
  )
  return (
    <>
      <div className={classes.bar}><p className="dim" style={{ margin: 0 }}>Companies whose programs file requests for people: controllers by OpenDSR, authorised agents by the Data Rights Protocol.</p>{buttons}</div>
      {answer.isPending && <Waiting lines={3} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {all?.length === 0 && <Empty title="Nobody files requests by a protocol" action={buttons}>A controller that has you process its data, or an agent that people have authorised, can file their requests here and follow them.</Empty>}
      {all?.map((r) => <OneRequester key={r.id} requester={r} />)}
      {all?.some((r) => r.protocol === 'opendsr') && <ProcessorKey />}
      {adding && <RequesterForm onClose={add.close} />}
      {importing && <DirectoryForm onClose={bring.close} />}
    </>
  )
}

function OneRequester({ requester: r }: { requester: Requester }) {
  const may = useMay()
  const [open, setOpen] = useState<'change' | 'end' | 'key'>()
  const vouches = (r.vouches ?? []).map((v) => vouchable[v] ?? v)
  return (
    <section className={classes.hook} aria-label={r.name}>
      <div className={classes.hookHead}>
        <div>
          <strong>{r.name}</strong> <span className="reference">{r.handle}</span>{' '}
          {r.ended_at ? <Tag risk="done">may file no more</Tag> : !r.has_key && <Tag risk="soon">not paired yet</Tag>}
          <p className={classes.hookMore}>{r.protocol === 'opendsr' ? <>Controller; callbacks to {r.domain}</> : <>Authorised agent; signs with {r.verify_key}</>}</p>
          <p className={classes.hookMore}>
            {vouches.length > 0 ? <>Its word proves the {vouches.join(', the ')}</> : 'People are asked who they are'}; {r.results ? 'it may fetch the answer' : 'the answer goes to the person alone'}
            {r.previous_key_until && <>; the key before is good until <Day at={r.previous_key_until} /></>}
          </p>
        </div>
        {may('change-requester') && !r.ended_at && (
          <Menu position="bottom-end" width={240} withinPortal>
            <Menu.Target><Button size="xs" variant="default" aria-label={`Change ${r.name}`}>Change</Button></Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setOpen('change')}>Change it</Menu.Item>
              {r.protocol === 'opendsr' && <Menu.Item onClick={() => setOpen('key')}>Replace its key</Menu.Item>}
              <Menu.Divider />
              <Menu.Item onClick={() => setOpen('end')}>Let it file no more</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      {open === 'change' && <RequesterForm requester={r} onClose={() => setOpen(undefined)} />}
      {open === 'end' && <End requester={r} onClose={() => setOpen(undefined)} />}
      {open === 'key' && <Replace requester={r} onClose={() => setOpen(undefined)} />}
    </section>
  )
}

function End({ requester: r, onClose }: { requester: Requester; onClose: () => void }) {
  const queries = useQueryClient()
  const end = useMutation({
    mutationFn: () => held(api.DELETE('/v1/requesters/{id}', { params: { path: { id: r.id } } })),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['requesters'] }); onClose() },
  })
  return (
    <Modal opened onClose={onClose} title={`Let ${r.name} file no more`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <p style={{ marginTop: 0 }}>Its key ends and it hears of nothing any more. What it has filed goes on, for the people asked. This stays; register it anew to let it in again.</p>
      {end.error && <Failure error={end.error} />}
      <Group justify="flex-end" gap="xs"><Button variant="default" onClick={onClose}>Leave it</Button><Button color="red.8" loading={end.isPending} onClick={() => end.mutate()}>End the requester</Button></Group>
    </Modal>
  )
}

function Replace({ requester: r, onClose }: { requester: Requester; onClose: () => void }) {
  const queries = useQueryClient()
  const replace = useMutation({
    mutationFn: () => held(api.POST('/v1/requesters/{id}/key', { params: { path: { id: r.id } } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['requesters'] }),
  })
  return (
    <Modal opened onClose={onClose} title={`Replace the key of ${r.name}`} closeButtonProps={{ 'aria-label': 'Close' }} closeOnClickOutside={!replace.data}>
      {replace.data?.key ? <Secret secret={replace.data.key} onClose={onClose}>This is the new key. It is shown only now. The one before is good for a day.</Secret> : (
        <>
          <p style={{ marginTop: 0 }}>For a day both keys are good, so that the controller can change over.</p>
          {replace.error && <Failure error={replace.error} />}
          <Group justify="flex-end" gap="xs"><Button variant="default" onClick={onClose}>Leave it</Button><Button loading={replace.isPending} onClick={() => replace.mutate()}>Make another key</Button></Group>
        </>
      )}
    </Modal>
  )
}
