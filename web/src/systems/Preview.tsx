import { Button, Group, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items } from '../api/client'
import { Problem } from '../api/problem'
import { Failure } from '../page/Failure'
import rows from '../page/table.module.css'
import { Findings } from './Check'

/** Counts what a request would touch in the system, without reading a value. */
export function Preview({ id }: { id: string }) {
  const [reference, setReference] = useState('')
  const preview = useMutation({
    mutationFn: async () => {
      const found = items(await held(api.POST('/v1/requests/search', { body: { reference: reference.trim(), limit: 1 } })))[0]
      if (!found) throw new Problem({ status: 404, code: 'not-found', detail: 'There is no request with this reference. A reference looks like AR-7KQ2-M9XD.' })
      return held(api.POST('/v1/systems/{id}/preview', { params: { path: { id } }, body: { request_id: found.id } }))
    },
  })
  const counts = preview.data?.counts ?? []
  return (
    <>
      <p className="prose">How many rows a request would touch here. No value is read, and that you asked is recorded.</p>
      <form onSubmit={(e) => { e.preventDefault(); preview.mutate() }}>
        <Group gap="xs" align="end">
          <TextInput label="Reference of a request" required maxLength={40} value={reference} onChange={(e) => setReference(e.currentTarget.value)} />
          <Button type="submit" variant="default" loading={preview.isPending}>Count</Button>
        </Group>
      </form>
      {preview.error && <Failure error={preview.error} />}
      {preview.data && <Findings findings={preview.data.findings ?? []} />}
      {preview.data?.ok && counts.length === 0 && <p>Nothing is there for this request.</p>}
      {counts.length > 0 && (
        <table className={rows.table} style={{ maxWidth: 560, marginTop: 16 }}>
          <thead><tr><th scope="col">Dataset</th><th scope="col">Collection</th><th scope="col">Rows</th></tr></thead>
          <tbody>{counts.map((c) => <tr key={`${c.dataset}.${c.collection}`}><td>{c.dataset}</td><td data-cell="right">{c.collection}</td><td data-cell="due" className="tabular">{c.rows.toLocaleString('en-GB')}</td></tr>)}</tbody>
        </table>
      )}
    </>
  )
}
