import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { asProblem } from '../api/problem'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { faultsByLine } from './lines'
import classes from './systems.module.css'

const YamlEditor = lazy(() => import('./YamlEditor').then((m) => ({ default: m.YamlEditor })))

/** What the data of a system is used for, who gets it and how long it is kept: it goes into each answer. */
export function Declaration({ system }: { system: Schemas['SystemView'] }) {
  const may = useMay()
  const [text, setText] = useState(system.declaration)
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: () => held(api.PATCH('/v1/systems/{id}', { params: { path: { id: system.id } }, body: { declaration: text } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['systems'] }),
  })
  const faults = save.error ? asProblem(save.error).faults : []
  return (
    <>
      <p className="prose">What the data is used for, who gets it, how long it is kept. It goes into the cover of each answer (Art. 15(1) GDPR).</p>
      <details className={classes.help}>
        <summary>Under <code>erasure:</code> stands what happens to each collection when somebody is erased</summary>
        <ul>
          <li><code>collection: shop.orders</code> and <code>method:</code> <code>delete</code> takes the rows away, <code>mask</code> writes over what is personal (so it is without a word), <code>anonymise</code> keeps what statistics need.</li>
          <li><code>records: [invoice]</code> says what kind of record the rows are: the rules that are switched on under Settings, Retention then keep them as long as they say.</li>
          <li><code>events: {'{created: placed_at}'}</code> names the column with the day that a rule counts from.</li>
          <li><code>needs: [placed_at, total]</code> lists what the rule needs of a kept row: everything else in it is written over.</li>
          <li><code>with: shop.orders</code> has rows stay as long as those that they belong to.</li>
        </ul>
      </details>
      <Suspense fallback={<Waiting lines={10} />}>
        <YamlEditor label="Declaration" value={text} onChange={may('change-system') ? setText : undefined} faults={faultsByLine(faults)} />
      </Suspense>
      {save.error && <Failure error={save.error} />}
      {may('change-system') && <Button mt="sm" disabled={text === system.declaration} loading={save.isPending} onClick={() => save.mutate()}>Save the declaration</Button>}
    </>
  )
}
