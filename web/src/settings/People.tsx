import { Button, Group, Menu, Modal, Select, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { Confirm } from '../page/Confirm'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import rows from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { staffQuery } from '../requests/queries'
import { call } from '../session/calls'
import { useMay, useSession } from '../session/session'
import { Ago } from '../time/Moment'
import { roles } from '../words/cases'
import { word } from '../words/words'
import classes from './settings.module.css'

type Person = Schemas['StaffView']

const roleChoices = ['agent', 'lead', 'dpo', 'executive', 'auditor', 'admin'].map((value) => ({ value, label: word(roles, value) }))
const statuses: Record<string, string> = { invited: 'Invited', active: 'Active', inactive: 'Inactive' }

/** Who works here, as what. */
export function People() {
  const may = useMay()
  const [adding, add] = useDisclosure(false)
  const answer = useQuery(staffQuery)
  const people = answer.data && items(answer.data)
  const button = may('add-staff') && <Button onClick={add.open}>Invite somebody</Button>
  return (
    <>
      <div className={classes.bar}><p className="dim" style={{ margin: 0 }}>Who works on requests, and what each may do.</p>{button}</div>
      {answer.isPending && <Waiting lines={5} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {people?.length === 0 && <Empty title="Nobody yet" action={button}>Invite those who answer requests, and whoever watches over them.</Empty>}
      {people && people.length > 0 && (
        <table className={rows.table}>
          <thead><tr><th scope="col">Name</th><th scope="col">E-mail</th><th scope="col">Role</th><th scope="col">Second factor</th><th scope="col">Last sign-in</th><th scope="col">Status</th><th scope="col"><span className="visually-hidden">Change</span></th></tr></thead>
          <tbody>{people.map((p) => <Row key={p.id} person={p} />)}</tbody>
        </table>
      )}
      {adding && <Invite onClose={add.close} />}
    </>
  )
}

function Row({ person: p }: { person: Person }) {
  const { status } = p
  return (
    <tr>
      <td data-cell="reference" className={rows.wide}><strong>{p.name}</strong></td>
      <td data-cell="right" className={rows.wide}>{p.email}</td>
      <td data-cell="due">{word(roles, p.role)}</td>
      <td data-cell="law" className="dim">{p.second_factor ? 'yes' : 'none'}</td>
      <td data-cell="received" className="dim">{p.last_sign_in_at ? <Ago at={p.last_sign_in_at} /> : 'never'}</td>
      <td data-cell="state" className={status === 'active' ? undefined : 'dim'}>{statuses[status]}</td>
      <td data-cell="change"><Change person={p} status={status} /></td>
    </tr>
  )
}

function Change({ person: p, status }: { person: Person; status: string }) {
  const may = useMay()
  const { staff_id: me } = useSession()
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: ([method, path, body]: [string, string, unknown?]) => call(method, `/v1/staff/${p.id}${path}`, body),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['staff'] }),
  })
  const [linking, link] = useDisclosure(false)
  const [role, setRole] = useState<string>()
  const [leaving, leave] = useDisclosure(false)
  // Nobody changes their own role.
  if (!may('change-staff') || p.id === me) return null
  return (
    <>
      <Menu position="bottom-end" width={240} withinPortal>
        <Menu.Target><Button variant="subtle" size="compact-xs" loading={change.isPending} aria-label={`Change ${p.name}`}>Change</Button></Menu.Target>
        <Menu.Dropdown>
          {status === 'invited' && <Menu.Item onClick={() => change.mutate(['POST', '/invitation'])}>Send the invitation again</Menu.Item>}
          <Menu.Label>Role</Menu.Label>
          {roleChoices.map((r) => <Menu.Item key={r.value} disabled={r.value === p.role} onClick={() => setRole(r.value)}>{r.label}</Menu.Item>)}
          <Menu.Divider />
          <Menu.Item onClick={link.open}>{p.slack_user ? 'Change the Slack member' : 'Link a Slack member'}</Menu.Item>
          <Menu.Item onClick={() => (p.active ? leave.open() : change.mutate(['PATCH', '', { active: true }]))}>{p.active ? 'Make inactive, and end the sessions' : 'Make active'}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {change.error && !role && !leaving && <Failure error={change.error} />}
      {role && (
        <Confirm title={`${p.name}: another role`} action={`Make them ${word(roles, role)}`} pending={change.isPending} error={change.error} onClose={() => setRole(undefined)}
          onConfirm={() => change.mutate(['PATCH', '', { role }], { onSuccess: () => setRole(undefined) })}>
          They are signed out and come in again as {word(roles, role)}. Keys of their own end.
        </Confirm>
      )}
      {leaving && (
        <Confirm title={`${p.name}: inactive`} action="Make inactive" pending={change.isPending} error={change.error} onClose={leave.close}
          onConfirm={() => change.mutate(['PATCH', '', { active: false }], { onSuccess: leave.close })}>
          They are signed out and let in no more. Keys of their own end. What they did stays, under their name.
        </Confirm>
      )}
      {linking && <SlackMember person={p} onClose={link.close} />}
    </>
  )
}

/** By whose member id a press of a button in Slack is theirs. */
function SlackMember({ person: p, onClose }: { person: Person; onClose: () => void }) {
  const [member, setMember] = useState(p.slack_user ?? '')
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: () => held(api.PATCH('/v1/staff/{id}', { params: { path: { id: p.id } }, body: { slack_user: member.trim() } })),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['staff'] }); onClose() },
  })
  return (
    <Modal opened onClose={onClose} title={`${p.name} in Slack`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); save.mutate() }}>
        <TextInput label="Member id" description="In their Slack profile under More, Copy member ID: U024BE7LH. A button they press there is then theirs. Empty: none." pattern="[UW][A-Z0-9]{5,20}" data-autofocus value={member} onChange={(e) => setMember(e.currentTarget.value.toUpperCase())} />
        {save.error && <Failure error={save.error} />}
        <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Discard</Button><Button type="submit" loading={save.isPending}>Save</Button></Group>
      </form>
    </Modal>
  )
}

function Invite({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState({ name: '', email: '', role: 'agent' })
  const set = (part: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...part }))
  const queries = useQueryClient()
  const add = useMutation({
    mutationFn: () => call('POST', '/v1/staff', draft),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['staff'] }); onClose() },
  })
  return (
    <Modal opened onClose={onClose} title="Invite somebody" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); add.mutate() }}>
        <TextInput label="Name" required data-autofocus maxLength={200} value={draft.name} onChange={(e) => set({ name: e.currentTarget.value })} />
        <TextInput mt="sm" label="E-mail" type="email" required maxLength={254} value={draft.email} onChange={(e) => set({ email: e.currentTarget.value })} />
        <Select mt="sm" label="Role" data={roleChoices} value={draft.role} onChange={(v) => set({ role: v ?? 'agent' })} />
        {add.error && <Failure error={add.error} />}
        <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Discard</Button><Button type="submit" loading={add.isPending}>Invite</Button></Group>
      </form>
    </Modal>
  )
}
