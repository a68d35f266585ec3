import { Button, Group, Progress } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'

import { api, held } from '../api/client'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { bytes } from '../words/words'
import { ChooseList } from './ChooseList'
import classes from './consents.module.css'
import { firstLines, type FirstLines } from './firstLines'
import { emptyMapping, guess, meanings, missing, toMapping, type MappingDraft } from './mapping'
import { MappingForm } from './MappingForm'
import type { Purpose } from './queries'
import { useHandIn } from './useHandIn'

/** A list is chosen, looked at in this window, and handed in once it is said what its columns mean. */
export function NewImport({ purposes, onClose }: { purposes: Purpose[]; onClose: () => void }) {
  const navigate = useNavigate()
  const [draft, setDraft] = useState(emptyMapping)
  const [chosen, setChosen] = useState<{ file: File; lines: FirstLines }>()
  const begun = useRef<{ id: string; as: string; key: string }>(undefined)
  const read = useMutation({
    gcTime: 0,
    mutationFn: async ({ file, delimiter }: { file: File; delimiter?: FirstLines['delimiter'] }) => ({ file, lines: await firstLines(file, delimiter) }),
    onSuccess: setChosen,
  })
  const { hand, sent, stop, stopped } = useHandIn((id) => void navigate({ to: '/consents/imports/$id', params: { id } }))
  const set = (part: Partial<MappingDraft>) => {
    setDraft((old) => ({ ...old, ...part }))
    if (part.delimiter !== undefined && chosen) read.mutate({ file: chosen.file, delimiter: (part.delimiter || undefined) as FirstLines['delimiter'] | undefined })
  }
  const choose = (file: File) => read.mutate({ file }, { onSuccess: ({ lines }) => setDraft((old) => ({ ...emptyMapping, purpose: old.purpose, name: file.name.slice(0, 100), ...guess(lines) })) })
  const begin = async () => {
    const body = { name: draft.name.trim(), mapping: toMapping(draft) }
    const as = JSON.stringify(body)
    if (begun.current?.as !== as) { // another list, so another import; the same one is gone on with
      const key = newKey()
      const { id } = await held(api.POST('/v1/consent/imports', { params: { header: { 'Idempotency-Key': key } }, body }))
      begun.current = { id, as, key }
    }
    return begun.current.id
  }
  const lacks = chosen && missing(draft, chosen.lines)
  return (
    <div className={classes.adding}><Panel title="Import a list">
      <ChooseList file={chosen?.file} onFile={choose} />
      {read.error && <Failure error={read.error} />}
      {chosen && chosen.lines.columns.length === 0 && <p role="alert">The file is empty, or its first line names no columns.</p>}
      {chosen && chosen.lines.columns.length > 0 && (
        <form onSubmit={(e) => { e.preventDefault(); hand.mutate({ begin, file: chosen.file }) }}>
          <FirstRows lines={chosen.lines} draft={draft} />
          <MappingForm draft={draft} set={set} lines={chosen.lines} purposes={purposes} />
          {hand.isPending && <Sending sent={sent} of={chosen.file.size} />}
          {hand.error && !stopped && <Failure error={hand.error} />}
          {stopped && <p role="status">Stopped. Nothing was written; go on, or leave it: what was handed in is gone after a week.</p>}
          <Group justify="flex-end" gap="xs" mt="md">
            {lacks && <span className="dim">{lacks}</span>}
            {hand.isPending ? <Button variant="default" onClick={stop}>Stop</Button> : <Button variant="default" onClick={onClose}>Leave it</Button>}
            <Button type="submit" disabled={!!lacks} loading={hand.isPending}>Hand it in and read it through</Button>
          </Group>
        </form>
      )}
      {!chosen && <Group justify="flex-end"><Button variant="default" onClick={onClose}>Leave it</Button></Group>}
    </Panel></div>
  )
}

/** How much of the file is there. */
export function Sending({ sent, of }: { sent: number; of: number }) {
  return (
    <div className={classes.progress}>
      <p role="status" style={{ margin: '0 0 4px' }}>Handing in: {bytes(sent)} of {bytes(of)}</p>
      <Progress value={of === 0 ? 100 : (100 * sent) / of} aria-label="Handed in" />
    </div>
  )
}

const shown = 5

/** The first lines of the list as they stand there, each column with what it means. */
function FirstRows({ lines, draft }: { lines: FirstLines; draft: MappingDraft }) {
  const means = meanings(draft)
  return (
    <>
      <p className={classes.note}>The first lines, looked at in this window alone. Nothing was sent yet.</p>
      <div className={classes.scroll} role="region" aria-label="First lines of the list" tabIndex={0}>
        <table className={classes.firstLines}>
          <thead><tr>{lines.columns.map((c, i) => <th scope="col" key={i}>{c}<span className={classes.means}>{means[c] ?? 'not used'}</span></th>)}</tr></thead>
          <tbody>{lines.rows.slice(0, shown).map((r, i) => <tr key={i}>{lines.columns.map((_, at) => <td key={at}>{r[at]}</td>)}</tr>)}</tbody>
        </table>
      </div>
    </>
  )
}
