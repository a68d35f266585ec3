import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items } from '../api/client'
import { Problem } from '../api/problem'
import { Failure } from '../page/Failure'
import rows from '../page/table.module.css'
import { useMay } from '../session/session'
import { Findings } from './Check'
import classes from './systems.module.css'

interface Person {
  email: string
  name: string
  phone: string
  customer_id: string
}

const nobody: Person = { email: '', name: '', phone: '', customer_id: '' }

/** Counts what a request would touch in the system, without reading a value. */
export function Preview({ id }: { id: string }) {
  const may = useMay()
  const [whose, setWhose] = useState('request')
  const [reference, setReference] = useState('')
  const [person, setPerson] = useState(nobody)
  const set = (part: Partial<Person>) => setPerson((old) => ({ ...old, ...part }))
  const preview = useMutation({
    mutationFn: async () => held(api.POST('/v1/systems/{id}/preview', { params: { path: { id } }, body: whose === 'request' ? { request_id: await requestOf(reference) } : { person: filled(person) } })),
  })
  const counts = preview.data?.counts ?? []
  return (
    <>
      <p className="prose">How many rows a request would touch here. No value is read, and that you asked is recorded.</p>
      {may('search-requests') && <SegmentedControl size="xs" mb="sm" value={whose} onChange={(v) => { setWhose(v); preview.reset() }} data={[{ value: 'request', label: 'For a request' }, { value: 'person', label: 'For somebody without one' }]} />}
      <form className={classes.previewForm} onSubmit={(e) => { e.preventDefault(); preview.mutate() }}>
        {whose === 'request'
          ? <TextInput label="Reference of a request" required maxLength={40} value={reference} onChange={(e) => setReference(e.currentTarget.value)} />
          : (
            <>
              <TextInput label="E-mail" type="email" required maxLength={254} autoComplete="off" value={person.email} onChange={(e) => set({ email: e.currentTarget.value })} />
              <TextInput label="Name" maxLength={200} autoComplete="off" value={person.name} onChange={(e) => set({ name: e.currentTarget.value })} />
              <TextInput label="Telephone" maxLength={40} autoComplete="off" value={person.phone} onChange={(e) => set({ phone: e.currentTarget.value })} />
              <TextInput label="Customer number" maxLength={200} autoComplete="off" value={person.customer_id} onChange={(e) => set({ customer_id: e.currentTarget.value })} />
              <p className="dim" style={{ gridColumn: '1 / -1', margin: 0 }}>Take a test person, or yourself. Who it is is forgotten once the system has answered.</p>
            </>
          )}
        <Button type="submit" variant="default" loading={preview.isPending}>Count</Button>
      </form>
      {preview.error && <Failure error={preview.error} />}
      {preview.data && <Findings findings={preview.data.findings ?? []} />}
      {preview.data?.ok && counts.every((c) => c.rows === 0) && <p>Nothing is there for this person.</p>}
      {counts.length > 0 && (
        <table className={rows.table} style={{ maxWidth: 560, marginTop: 16 }}>
          <thead><tr><th scope="col">Dataset</th><th scope="col">Collection</th><th scope="col">Rows</th></tr></thead>
          <tbody>{counts.map((c) => <tr key={`${c.dataset}.${c.collection}`}><td>{c.dataset}</td><td data-cell="right">{c.collection}</td><td data-cell="due" className="tabular">{c.rows.toLocaleString('en-GB')}</td></tr>)}</tbody>
        </table>
      )}
    </>
  )
}

async function requestOf(reference: string): Promise<string> {
  const found = items(await held(api.POST('/v1/requests/search', { body: { reference: reference.trim(), limit: 1 } })))[0]
  if (!found) throw new Problem({ status: 404, code: 'not-found', detail: 'There is no request with this reference. A reference looks like AR-7KQ2-M9XD.' })
  return found.id
}

function filled(person: Person) {
  return { email: person.email.trim(), ...Object.fromEntries(Object.entries(person).filter(([k, v]) => k !== 'email' && v.trim() !== '').map(([k, v]) => [k, v.trim()])) }
}
