import { Button, Group, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useState } from 'react'

import { held, api, type Schemas } from '../api/client'
import { asProblem, type Problem } from '../api/problem'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { DatasetGraph } from './DatasetGraph'
import { doubtsOf } from './doubts'
import { AboutDraft, Doubts, DraftButton } from './Draft'
import { faultsByLine } from './lines'
import { datasetQuery } from './queries'
import classes from './systems.module.css'
import { YamlEditor } from './YamlEditor'

const another = '+'

const template = (system: string) => `dataset:
  - fides_key: ${system}
    name: What it is called
    collections:
      - name: customers
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
`

/** The annotations of a system: which tables and columns hold data of people. */
export function Datasets({ system, datasets }: { system: Schemas['SystemView']; datasets: Schemas['DatasetLine'][] }) {
  const may = useMay()
  const [key, setKey] = useState(datasets[0]?.key ?? another)
  const [draft, setDraft] = useState<Schemas['ScanView']>()
  const choices = [...datasets.map((d) => ({ value: d.key, label: d.key })), ...(may('put-dataset') ? [{ value: another, label: 'A new dataset' }] : [])]
  if (draft) {
    const leave = () => setDraft(undefined)
    return (
      <section aria-label="Draft from the live schema">
        <AboutDraft draft={draft} onLeave={leave} />
        <Editor system={system} text={draft.draft} isNew isDraft saved={(saved) => { setKey(saved); leave() }} />
      </section>
    )
  }
  return (
    <>
      {may('scan-system') && <DraftButton id={system.id} drafted={setDraft} />}
      {choices.length > 1 && <Select label="Dataset" data={choices} value={key} onChange={(v) => setKey(v ?? another)} w={280} mb="sm" />}
      {key === another && may('put-dataset') && <Editor key={another} system={system} text={template(system.key)} isNew saved={setKey} />}
      {key !== another && <Stored key={key} system={system} dataset={key} />}
    </>
  )
}

function Stored({ system, dataset }: { system: Schemas['SystemView']; dataset: string }) {
  const answer = useQuery(datasetQuery(dataset))
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting lines={12} />
  return <Editor system={system} text={answer.data.annotation} updated={answer.data.updated_at} />
}

interface EditorProps {
  system: Schemas['SystemView']
  text: string
  updated?: string
  isNew?: boolean
  isDraft?: boolean
  saved?: (key: string) => void
}

function Editor({ system, text: first, updated, isNew, isDraft, saved }: EditorProps) {
  const may = useMay()
  const queries = useQueryClient()
  const [text, setText] = useState(first)
  const save = useMutation({
    mutationFn: () => held(api.PUT('/v1/systems/{id}/dataset', {
      params: { path: { id: system.id } }, body: text, bodySerializer: (body) => body, headers: { 'Content-Type': 'application/yaml' },
    })),
    onSuccess: (answer) => {
      void queries.invalidateQueries({ queryKey: ['datasets'] })
      saved?.(answer.key)
    },
  })
  const { checked, check } = useCheck(system.id, text, first)
  const fault = (save.error ?? (checked ? check.error : undefined)) as unknown
  const problem = fault ? asProblem(fault) : undefined
  const drawn = useDeferredValue(text)
  const [at, go] = useState<{ line: number }>()
  const { doubts, marks } = useMarks(drawn, isDraft, problem)
  const said = checked ? check.data : save.data
  return (
    <>
      <DatasetGraph annotation={drawn} />
      {isDraft && <Doubts doubts={doubts} onChoose={(line) => go({ line })} />}
      <YamlEditor label="Dataset in YAML" value={text} onChange={may('put-dataset') ? (next) => { setText(next); save.reset() } : undefined} faults={marks} at={at} />
      {problem && <Failure error={problem} />}
      {said && <Said faults={[...(said.warnings ?? []), ...(said.notes ?? [])]} />}
      {may('put-dataset') && (
        <Group mt="sm" gap="sm">
          <Button disabled={!isNew && text === first} loading={save.isPending} onClick={() => save.mutate()}>Save the dataset</Button>
          {checked && check.isSuccess && !save.isSuccess && <span role="status" className="dim">It can be read as it is.</span>}
          {save.isSuccess && text === first && <span role="status">Saved.</span>}
          {updated && <span className="dim">Last saved <Ago at={updated} /></span>}
        </Group>
      )}
    </>
  )
}

/** What stands at the lines: faults, and in a draft the guesses to look at. */
function useMarks(text: string, isDraft?: boolean, problem?: Problem) {
  const doubts = useMemo(() => (isDraft ? doubtsOf(text) : []), [isDraft, text])
  const marks = useMemo(() => [
    ...(problem ? faultsByLine(problem.faults) : []),
    ...doubts.map((d) => ({ line: d.line, message: d.why, severity: 'warning' as const })),
  ], [problem, doubts])
  return { doubts, marks }
}

/** What does not fit together yet, and what is kept and not used. */
function Said({ faults }: { faults: Schemas['Fault'][] }) {
  if (faults.length === 0) return null
  return <ul className={classes.findings}>{faults.map((f) => <li key={`${f.location}${f.message}`}><code>{f.location}</code> {f.message}</li>)}</ul>
}

/** Says what is wrong while it is written; nothing is kept before it is saved. */
function useCheck(system: string, text: string, first: string) {
  const may = useMay()
  const [settled] = useDebouncedValue(text, 600)
  const check = useQuery({
    queryKey: ['dataset-check', system, settled], enabled: may('check-dataset') && settled !== first, staleTime: Infinity, gcTime: 60_000, retry: false, refetchOnWindowFocus: false,
    queryFn: () => held(api.POST('/v1/systems/{id}/dataset/check', { params: { path: { id: system } }, body: settled, bodySerializer: (body) => body, headers: { 'Content-Type': 'application/yaml' } })),
  })
  return { checked: settled === text && settled !== first, check }
}
