import { Button, Group, Modal, MultiSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items } from '../api/client'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import { useMay } from '../session/session'
import { systemsQuery } from '../systems/queries'
import { count } from '../words/words'
import classes from './holds.module.css'

interface Person {
  email: string
  phone: string
  customer_id: string
}

const nobody: Person = { email: '', phone: '', customer_id: '' }

/** At most two years from today, which the server wants. */
const within = (today: string) => `${Number(today.slice(0, 4)) + 2}${today.slice(4)}`

export function PlaceHold({ today, onClose }: { today: string; onClose: () => void }) {
  const may = useMay()
  const systems = useQuery({ ...systemsQuery, enabled: may('list-systems') })
  const [draft, setDraft] = useState({ matter: '', citation: '', reason: '', review_on: '', systems: [] as string[] })
  const [people, setPeople] = useState<Person[]>([nobody])
  const [key, setKey] = useState(newKey)
  const queries = useQueryClient()
  const set = (part: Partial<typeof draft>) => { setDraft((old) => ({ ...old, ...part })); setKey(newKey()) } // another act, so another key
  const setPerson = (at: number, part: Partial<Person>) => { setPeople((old) => old.map((p, i) => (i === at ? { ...p, ...part } : p))); setKey(newKey()) }
  const given = people.map(filled).filter((p) => Object.keys(p).length > 0)
  const place = useMutation({
    mutationFn: () => held(api.POST('/v1/holds', {
      params: { header: { 'Idempotency-Key': key } },
      body: {
        matter: draft.matter.trim(), reason: draft.reason.trim(), review_on: draft.review_on, people: given,
        ...(draft.citation.trim() ? { citation: draft.citation.trim() } : {}), ...(draft.systems.length > 0 ? { systems: draft.systems } : {}),
      },
    })),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['holds'] }); onClose() },
  })
  return (
    <Modal opened onClose={onClose} title="Place a hold" size={760} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); place.mutate() }}>
        <TextInput label="Matter" description="The reference of a court or an authority, or a name of your own. Name no person in it: plans and lists show it." required data-autofocus maxLength={200} value={draft.matter} onChange={(e) => set({ matter: e.currentTarget.value })} />
        <Textarea mt="sm" label="Why the data is needed" required autosize minRows={2} maxRows={8} maxLength={2000} value={draft.reason} onChange={(e) => set({ reason: e.currentTarget.value })} />
        <TextInput mt="sm" label="The rule" description="Art. 17(3)(e) GDPR, legal claims, when left empty." maxLength={200} value={draft.citation} onChange={(e) => set({ citation: e.currentTarget.value })} />
        <TextInput mt="sm" type="date" label="Looked at again on" description="Then somebody says whether it is still needed; two years from now at most." required min={today} max={within(today)} value={draft.review_on} onChange={(e) => set({ review_on: e.currentTarget.value })} />
        <MultiSelect mt="sm" label="Systems" description="Only what is in these is kept. None: everywhere." placeholder={draft.systems.length === 0 ? 'Every system' : undefined} clearable searchable data={items(systems.data).map((s) => ({ value: s.key, label: s.name }))} value={draft.systems} onChange={(v) => set({ systems: v })} />
        <h3 style={{ fontSize: 14, margin: '16px 0 4px' }}>People</h3>
        <p className="dim" style={{ margin: '0 0 8px' }}>By what is known of each. Only marks of it are kept, from which nobody can read who it was: who is under the hold can’t be shown later.</p>
        {people.map((p, i) => (
          <fieldset key={i} className={classes.person}>
            <legend>Person {i + 1}</legend>
            <TextInput size="xs" label="E-mail" type="email" maxLength={320} autoComplete="off" value={p.email} onChange={(e) => setPerson(i, { email: e.currentTarget.value })} />
            <TextInput size="xs" label="Telephone" maxLength={40} autoComplete="off" value={p.phone} onChange={(e) => setPerson(i, { phone: e.currentTarget.value })} />
            <TextInput size="xs" label="Customer number" maxLength={200} autoComplete="off" value={p.customer_id} onChange={(e) => setPerson(i, { customer_id: e.currentTarget.value })} />
            {people.length > 1 && <Button size="xs" variant="subtle" aria-label={`Take off person ${i + 1}`} onClick={() => { setPeople((old) => old.filter((_, at) => at !== i)); setKey(newKey()) }}>Take off</Button>}
          </fieldset>
        ))}
        <Button size="xs" variant="default" onClick={() => setPeople((old) => [...old, nobody])}>Another person</Button>
        {place.error && <Failure error={place.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Discard</Button>
          <Button type="submit" disabled={given.length === 0} loading={place.isPending}>{given.length > 1 ? `Place the hold on ${count(given.length, 'person', 'people')}` : 'Place the hold'}</Button>
        </Group>
      </form>
    </Modal>
  )
}

function filled(p: Person) {
  return Object.fromEntries(Object.entries(p).filter(([, v]) => v.trim() !== '').map(([k, v]) => [k, v.trim()]))
}
