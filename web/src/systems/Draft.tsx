import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { useMay } from '../session/session'
import { count } from '../words/words'
import { Findings } from './Check'
import type { Doubt } from './doubts'
import classes from './systems.module.css'

/** Has an annotation drafted from what the system says of itself; nothing is saved by it. */
export function DraftButton({ id, drafted }: { id: string; drafted: (draft: Schemas['ScanView']) => void }) {
  const scan = useMutation({
    mutationFn: () => held(api.POST('/v1/systems/{id}/scan', { params: { path: { id } }, body: {} })),
    onSuccess: (answer) => { if (answer.ok) drafted(answer) },
  })
  return (
    <div className={classes.draft} aria-live="polite">
      <Button variant="default" size="xs" loading={scan.isPending} onClick={() => scan.mutate()}>Draft from the live schema</Button>
      {scan.error && <Failure error={scan.error} />}
      {scan.data && <Findings findings={scan.data.findings ?? []} />}
    </div>
  )
}

/** Says what a draft is, and what is not in it. */
export function AboutDraft({ draft, onLeave }: { draft: Schemas['ScanView']; onLeave: () => void }) {
  const may = useMay()
  const notes = draft.notes ?? []
  const next = may('put-dataset') ? 'Correct it, then save it.' : 'An administrator can correct it and save it.'
  return (
    <>
      <p className="prose">Guessed from names, types and keys; no value is in it, and nothing is saved yet. {next}</p>
      {notes.length > 0 && <ul className={classes.findings}>{notes.map((n) => <li key={n}>{n}</li>)}</ul>}
      <Button variant="default" size="xs" mb="sm" onClick={onLeave}>Put the draft away</Button>
    </>
  )
}

const shown = 200

/** The lines of a draft that are still marked; each leads to its place. */
export function Doubts({ doubts, onChoose }: { doubts: Doubt[]; onChoose: (line: number) => void }) {
  if (doubts.length === 0) return <p role="status" className="dim">No line is marked as unsure any more.</p>
  return (
    <details className={classes.doubts} open>
      <summary>{count(doubts.length, 'line')} to look at</summary>
      <ul>
        {doubts.slice(0, shown).map((d) => (
          <li key={d.line}><button type="button" onClick={() => onChoose(d.line)}><code>{d.where}</code> {d.why}</button></li>
        ))}
        {doubts.length > shown && <li className="dim">and {count(doubts.length - shown, 'more line')} marked in the draft</li>}
      </ul>
    </details>
  )
}
