import { Button, Group, Modal, Select, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import rows from '../page/table.module.css'
import { useMay, useSession } from '../session/session'
import { extensionReasons } from '../words/cases'
import { count } from '../words/words'
import classes from './requests.module.css'
import type { Selection } from './selection'
import { useStaff } from './staff'

type Line = Schemas['RequestLine']
type Order = Omit<Schemas['BulkBody'], 'requests'>

/** The most that one call takes. */
const most = 200

/** What can be done with all that were chosen. */
export function Bulk({ selection, lines }: { selection: Selection; lines: Line[] }) {
  const [command, setCommand] = useState<Order['command']>()
  const may = useMay()
  const chosen = [...selection.chosen]
  const all = lines.every((l) => selection.chosen.has(l.id))
  if (chosen.length === 0 && !command) return null
  return (
    <div className={classes.bulk} role="group" aria-label="What was chosen">
      <strong>{count(chosen.length, 'request')} chosen</strong>
      {may('assign-request') && <Button size="xs" variant="default" disabled={chosen.length === 0} onClick={() => setCommand('assign')}>Assign</Button>}
      {may('extend-request') && <Button size="xs" variant="default" disabled={chosen.length === 0} onClick={() => setCommand('extend')}>Extend the deadline</Button>}
      {!all && <Button size="xs" variant="subtle" className={classes.narrowOnly} onClick={() => selection.set(lines.map((l) => l.id))}>Choose all here</Button>}
      <Button size="xs" variant="subtle" onClick={() => selection.set([])}>Choose none</Button>
      {chosen.length > most && <span className="dim">At most {most} at once.</span>}
      {command && <BulkDialog command={command} chosen={chosen} lines={lines} selection={selection} onClose={() => setCommand(undefined)} />}
    </div>
  )
}

interface DialogProps {
  command: Order['command']
  chosen: string[]
  lines: Line[]
  selection: Selection
  onClose: () => void
}

function BulkDialog({ command, chosen, lines, selection, onClose }: DialogProps) {
  const { staff_id: me } = useSession()
  const { staff } = useStaff()
  const [order, setOrder] = useState<Order>({ command, ...(command === 'assign' ? { assignee: me ? 'me' : 'nobody' } : { reason: 'complexity' as const }) })
  const [requests] = useState(chosen) // those of this act, whatever is chosen afterwards
  const [key, setKey] = useState(newKey)
  const set = (part: Partial<Order>) => { setOrder((old) => ({ ...old, ...part })); setKey(newKey()) }
  const queries = useQueryClient()
  const bulk = useMutation({
    mutationFn: () => held(api.POST('/v1/requests/bulk', { params: { header: { 'Idempotency-Key': key } }, body: { ...order, requests } })),
    onSuccess: (answer) => {
      for (const queryKey of [['requests'], ['obligations'], ['tasks'], ['request']]) void queries.invalidateQueries({ queryKey })
      selection.set((answer.items ?? []).filter((i) => i.result === 'refused').map((i) => i.request_id)) // what was refused stays chosen
    },
  })
  const people = [...(me ? [{ value: 'me', label: 'Me' }] : []), { value: 'nobody', label: 'Nobody' }, ...staff.filter((s) => s.active && s.id !== me).map((s) => ({ value: s.id, label: s.name }))]
  const title = command === 'assign' ? `Assign ${count(requests.length, 'request')}` : `Extend ${count(requests.length, 'deadline')}`
  return (
    <Modal opened onClose={onClose} title={title} size={bulk.data ? 720 : 'md'} closeButtonProps={{ 'aria-label': 'Close' }}>
      {bulk.data ? <Outcome view={bulk.data} lines={lines} onClose={onClose} /> : (
        <form onSubmit={(e) => { e.preventDefault(); bulk.mutate() }}>
          {command === 'assign' && <Select label="To whom" data={people} value={order.assignee ?? null} onChange={(v) => set({ assignee: v ?? undefined })} />}
          {command === 'extend' && (
            <>
              <p style={{ marginTop: 0 }}>Each answer may come later, once; each person is told, with the reason. What its law does not allow is refused, and the others go on.</p>
              <Select label="Why the answers take longer" data={Object.entries(extensionReasons).map(([value, label]) => ({ value, label }))} value={order.reason ?? null} onChange={(v) => set({ reason: (v ?? undefined) as Order['reason'] })} />
              <TextInput mt="sm" type="date" label="Until" description="Only for laws that set no limit of their own." value={order.until ?? ''} onChange={(e) => set({ until: e.currentTarget.value || undefined })} />
            </>
          )}
          {bulk.error && <Failure error={bulk.error} />}
          <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Leave it</Button><Button type="submit" disabled={requests.length > most} loading={bulk.isPending}>{title}</Button></Group>
        </form>
      )}
    </Modal>
  )
}

/** What became of each request. */
function Outcome({ view, lines, onClose }: { view: Schemas['BulkView']; lines: Line[]; onClose: () => void }) {
  const referenceOf = new Map(lines.map((l) => [l.id, l.reference]))
  const items = (view.items ?? []).slice().sort((a, b) => Number(b.result === 'refused') - Number(a.result === 'refused'))
  return (
    <>
      <p style={{ marginTop: 0 }} role="status">{count(view.done, 'request')} done{view.refused > 0 && `, ${view.refused} refused. Those that were refused stay chosen`}.</p>
      <table className={rows.table}>
        <thead><tr><th scope="col">Request</th><th scope="col">Outcome</th><th scope="col">Why</th></tr></thead>
        <tbody>
          {items.map((i) => (
            <tr key={i.request_id}>
              <td data-cell="reference" className="reference">{referenceOf.get(i.request_id) ?? 'on another page'}</td>
              <td data-cell="due"><strong data-risk={i.result}>{i.result === 'done' ? 'Done' : 'Refused'}</strong></td>
              <td data-cell="right" className={rows.wide}>{i.detail}{i.citation && <span className="dim"> The rule: {i.citation}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Group justify="flex-end" mt="md"><Button onClick={onClose}>Close</Button></Group>
    </>
  )
}
