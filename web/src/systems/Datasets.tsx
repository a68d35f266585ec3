import { Button, Group, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'

import { held, api, type Schemas } from '../api/client'
import { asProblem } from '../api/problem'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { faultsByLine } from './lines'
import { DatasetGraph } from './DatasetGraph'
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
  const choices = [...datasets.map((d) => ({ value: d.key, label: d.key })), ...(may('put-dataset') ? [{ value: another, label: 'A new dataset' }] : [])]
  return (
    <>
      {choices.length > 1 && <Select label="Dataset" data={choices} value={key} onChange={(v) => setKey(v ?? another)} w={280} mb="sm" />}
      {key === another ? <Editor key={another} system={system} text={template(system.key)} isNew saved={setKey} /> : <Stored key={key} system={system} dataset={key} />}
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
  saved?: (key: string) => void
}

function Editor({ system, text: first, updated, isNew, saved }: EditorProps) {
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
  const warnings = (checked ? check.data : save.data)?.warnings ?? []
  return (
    <>
      <DatasetGraph annotation={drawn} />
      <YamlEditor label="Dataset in YAML" value={text} onChange={may('put-dataset') ? (next) => { setText(next); save.reset() } : undefined} faults={problem ? faultsByLine(problem.faults) : []} />
      {problem && <Failure error={problem} />}
      {warnings.length > 0 && <ul className={classes.findings}>{warnings.map((w) => <li key={w.message}><code>{w.location}</code> {w.message}</li>)}</ul>}
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
