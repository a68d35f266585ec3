import { Button, Group, Menu, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Tag } from '../page/Tag'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Day } from '../time/Moment'
import { Deliveries } from './Deliveries'
import { Secret } from '../page/Secret'
import classes from './settings.module.css'
import { WebhookForm } from './WebhookForm'

type Webhook = Schemas['WebhookView']

const reasons: Record<string, string> = {
  switched_off: 'switched off here',
  receiver_gone: 'switched off: the receiver said that it is gone',
  never_taken: 'switched off: an event was not taken for three days',
}

/** The programs that hear of what happens. */
export function Webhooks() {
  const may = useMay()
  const [adding, add] = useDisclosure(false)
  const answer = useQuery({ queryKey: ['webhooks'], queryFn: () => held(api.GET('/v1/webhooks')) })
  const hooks = answer.data && items(answer.data)
  const button = may('create-webhook') && <Button onClick={add.open}>Add a webhook</Button>
  return (
    <>
      <div className={classes.bar}><p className="dim" style={{ margin: 0 }}>Programs that are told of what happens, within a second. They get ids and facts about the process, never who a person is.</p>{button}</div>
      {answer.isPending && <Waiting lines={3} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {hooks?.length === 0 && <Empty title="No webhooks yet" action={button}>With one, a ticket system or a chat hears at once that a request came in or that something is overdue.</Empty>}
      {hooks?.map((w) => <OneWebhook key={w.id} webhook={w} />)}
      {adding && <WebhookForm onClose={add.close} />}
    </>
  )
}

function OneWebhook({ webhook: w }: { webhook: Webhook }) {
  const may = useMay()
  const [open, setOpen] = useState<'change' | 'delete' | 'secret'>()
  const [log, setLog] = useState(false)
  const queries = useQueryClient()
  const again = () => void queries.invalidateQueries({ queryKey: ['webhooks'] })
  const path = { params: { path: { id: w.id } } }
  const test = useMutation({ mutationFn: () => held(api.POST('/v1/webhooks/{id}/test', path)), onSuccess: () => { setLog(true); again() } })
  const turn = useMutation({ mutationFn: () => held(api.PUT('/v1/webhooks/{id}', { ...path, body: { name: w.name, url: w.url, actions: w.actions, active: !w.active } })), onSuccess: again })
  const actions = w.actions ?? []
  return (
    <section className={classes.hook} aria-label={w.name}>
      <div className={classes.hookHead}>
        <div>
          <strong>{w.name}</strong> {!w.active && <Tag risk="done">{reasons[w.disabled_reason ?? ''] ?? 'switched off'}</Tag>}
          <p className={classes.hookMore}>{w.url}</p>
          <p className={classes.hookMore}>{actions.includes('*') ? 'every event' : actions.join(', ')}{w.previous_secret_until && <>; the secret before signs too until <Day at={w.previous_secret_until} /></>}</p>
        </div>
        <Group gap="xs">
          {may('test-webhook') && w.active && <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>Send a test</Button>}
          {may('list-deliveries') && <Button size="xs" variant="default" aria-expanded={log} onClick={() => setLog(!log)}>Deliveries</Button>}
          {may('change-webhook') && (
            <Menu position="bottom-end" width={240} withinPortal>
              <Menu.Target><Button size="xs" variant="default" aria-label={`Change ${w.name}`}>Change</Button></Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => setOpen('change')}>Change it</Menu.Item>
                <Menu.Item onClick={() => turn.mutate()}>{w.active ? 'Switch it off' : 'Switch it on'}</Menu.Item>
                <Menu.Item onClick={() => setOpen('secret')}>Replace the secret</Menu.Item>
                <Menu.Divider />
                <Menu.Item onClick={() => setOpen('delete')}>Delete it</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      </div>
      {(test.error ?? turn.error) && <Failure error={test.error ?? turn.error} />}
      {log && <Deliveries id={w.id} />}
      {open === 'change' && <WebhookForm webhook={w} onClose={() => setOpen(undefined)} />}
      {open === 'delete' && <Delete webhook={w} onClose={() => setOpen(undefined)} />}
      {open === 'secret' && <Replace webhook={w} onClose={() => setOpen(undefined)} />}
    </section>
  )
}

function Delete({ webhook: w, onClose }: { webhook: Webhook; onClose: () => void }) {
  const queries = useQueryClient()
  const drop = useMutation({
    mutationFn: () => held(api.DELETE('/v1/webhooks/{id}', { params: { path: { id: w.id } } })),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['webhooks'] }); onClose() },
  })
  return (
    <Modal opened onClose={onClose} title={`Delete ${w.name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <p style={{ marginTop: 0 }}>The program hears of nothing any more, and the log of what was sent to it goes too. To pause it, switch it off instead.</p>
      {drop.error && <Failure error={drop.error} />}
      <Group justify="flex-end" gap="xs"><Button variant="default" onClick={onClose}>Leave it</Button><Button color="red.8" loading={drop.isPending} onClick={() => drop.mutate()}>Delete the webhook</Button></Group>
    </Modal>
  )
}

function Replace({ webhook: w, onClose }: { webhook: Webhook; onClose: () => void }) {
  const queries = useQueryClient()
  const replace = useMutation({
    mutationFn: () => held(api.POST('/v1/webhooks/{id}/secret', { params: { path: { id: w.id } } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['webhooks'] }),
  })
  return (
    <Modal opened onClose={onClose} title={`Replace the secret of ${w.name}`} closeButtonProps={{ 'aria-label': 'Close' }} closeOnClickOutside={!replace.data}>
      {replace.data ? <Secret secret={replace.data.secret} onClose={onClose}>This is the new secret. It is shown only now. The one before signs beside it for a day.</Secret> : (
        <>
          <p style={{ marginTop: 0 }}>For a day both secrets sign each event, so that the program can change over.</p>
          {replace.error && <Failure error={replace.error} />}
          <Group justify="flex-end" gap="xs"><Button variant="default" onClick={onClose}>Leave it</Button><Button loading={replace.isPending} onClick={() => replace.mutate()}>Make another secret</Button></Group>
        </>
      )}
    </Modal>
  )
}
