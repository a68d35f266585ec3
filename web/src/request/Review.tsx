import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { redactionGrounds } from '../words/cases'
import { count, word } from '../words/words'
import type { Standing } from './commands/allowed'
import { redactionsQuery } from './queries'
import { Recorded } from './Recorded'
import classes from './request.module.css'

// It reads datasets, and the reader of YAML comes with it.
const AddRedaction = lazy(() => import('./AddRedaction').then((m) => ({ default: m.AddRedaction })))

/** What was collected, and what is left out of the answer and why. */
export function Review({ at }: { at: Standing }) {
  const may = useMay()
  const [adding, setAdding] = useState(false)
  const { id, state } = at.detail
  const rows = at.systems.reduce((sum, s) => sum + s.rows, 0)
  const reviewing = state === 'reviewing'
  return (
    <>
      <p className="prose">
        {at.systems.length === 0 ? 'Nothing was collected yet.' : `${count(rows, 'row')} from ${count(at.systems.filter((s) => s.state === 'done').length, 'system')}.`}
        {reviewing && ' What concerns somebody else, or must stay secret, can be left out: a column, or single rows. The cover of the answer says what was left out and why.'}
      </p>
      {reviewing && may('add-redaction') && <Button size="xs" variant="default" mb={12} onClick={() => setAdding(true)}>Leave something out</Button>}
      <Recorded id={id} kind="redactions" button="Show what is left out" what="The rows can name people, so that you looked is recorded.">{() => <Redactions id={id} open={reviewing} />}</Recorded>
      <Suspense>{adding && <AddRedaction at={at} onClose={() => setAdding(false)} />}</Suspense>
    </>
  )
}

function Redactions({ id, open }: { id: string; open: boolean }) {
  const redactions = useQuery(redactionsQuery(id))
  if (redactions.error) return <Failure error={redactions.error} retry={() => void redactions.refetch()} />
  if (!redactions.data) return <Waiting lines={2} />
  const all = items(redactions.data)
  if (all.length === 0) return <p className="dim">Nothing is left out.</p>
  return <ul className={classes.lines}>{all.map((r) => <Redaction key={r.id} id={id} redaction={r} open={open} />)}</ul>
}

function Redaction({ id, redaction: r, open }: { id: string; redaction: Schemas['RedactionView']; open: boolean }) {
  const may = useMay()
  const queries = useQueryClient()
  const back = useMutation({
    mutationFn: () => held(api.DELETE('/v1/requests/{id}/redactions/{redaction}', { params: { path: { id, redaction: r.id } } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['looked-at', id, 'redactions'] }),
  })
  const rows = r.key_field ? `rows with ${r.key_field} = ${r.key_value ?? ''}` : 'all rows'
  return (
    <li className={classes.line}>
      <div className={classes.lineMain}>
        <span><code>{r.system} › {r.collection}{r.field ? ` › ${r.field}` : ''}</code>, {rows}</span>
        <span className="dim">{word(redactionGrounds, r.ground)}{r.citation ? ` (${r.citation})` : ''}{r.note ? `: ${r.note}` : ''}</span>
        {back.error && <Failure error={back.error} />}
      </div>
      {open && may('remove-redaction') && <Button size="compact-xs" variant="subtle" loading={back.isPending} onClick={() => back.mutate()}>Put it back</Button>}
    </li>
  )
}
