import { Button, Group, Radio, Select, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { asProblem } from '../api/problem'
import { newKey } from '../api/transport'
import { useReadAgain } from '../corrections/queries'
import { Failure } from '../page/Failure'
import { groundsOf, versionOf } from '../request/commands/rules'
import { regimeQuery, requestQuery } from '../request/queries'
import { useMay } from '../session/session'
import { alsoProven, identityChecks } from '../words/cases'
import { inquiryOutcomes } from '../words/inquiries'
import { plain, word } from '../words/words'
import { Attachments } from './Attachments'
import { Brief } from './Brief'
import { Elsewhere } from './Elsewhere'
import { useAskedOf } from './about'
import { useTasksAgain, type Task } from './useClaim'
import { useLabels } from './useLabels'
import { WasRead } from './WasRead'
import classes from './tasks.module.css'

type Decision = Schemas['Decision']
type Field = Schemas['Field']

const grave = new Set(['refuse', 'reject', 'exclude', 'done_by_hand', 'go_on'])

/** The form of a task, as the server describes it: what can be decided, and what each decision needs to know. */
export function TaskForm({ task, onDone }: { task: Task; onDone: () => void }) {
  const may = useMay()
  const asked = useAskedOf()
  const decisions = (task.decisions ?? []).filter((d) => may(d.command) && (d.decision !== 'go_on' || asked(task)))
  const [name, setName] = useState(decisions.length === 1 ? decisions[0]?.decision : undefined)
  const [values, setValues] = useState<Record<string, string>>({})
  const [note, setNote] = useState('')
  const [files, setFiles] = useState<string[]>([])
  const [key, setKey] = useState(newKey)
  const again = useTasksAgain(task.request_id)
  const readAgain = useReadAgain(task.request_id)
  const decision = decisions.find((d) => d.decision === name)
  const labelOf = useLabels(task)
  const complete = useMutation({
    mutationFn: (decision: Decision) => held(api.POST('/v1/tasks/{id}/complete', {
      params: { path: { id: task.id }, header: { 'Idempotency-Key': key } },
      body: { decision: decision.decision, fields: filled(decision, values), ...(note.trim() ? { note: note.trim() } : {}), ...(files.length > 0 ? { attachments: files } : {}) },
    })),
    onSuccess: () => { again(); onDone() },
    onError: (error) => {
      if (asProblem(error).code === 'corrections_changed') void readAgain()
      if (asProblem(error).code === 'plan_changed') again()
    },
  })
  const changed = <T,>(set: (value: T) => void) => (value: T) => { set(value); setKey(newKey()); complete.reset() } // another act, so another key
  const unread = (decision?.fields ?? []).some((f) => f.kind === 'plan' && !values[f.name])
  if (decisions.length === 0) return <Elsewhere task={task} />
  return (
    <>
      <Brief task={task} />
      <form className={classes.form} onSubmit={(e) => { e.preventDefault(); if (decision) complete.mutate(decision) }}>
        <Radio.Group label="Decision" value={name ?? ''} onChange={changed(setName)} required>
          <div className={classes.decisions} style={{ marginTop: 8 }}>{decisions.map((d) => <Radio key={d.decision} size="xs" value={d.decision} label={labelOf(d)} />)}</div>
        </Radio.Group>
        {(decision?.fields ?? []).map((f) => (
          <OneField key={`${name}${f.name}`} field={f} task={task} ground={decision?.decision === 'refuse' && f.name === 'reason'} value={values[f.name] ?? ''} set={(v) => changed(setValues)({ ...values, [f.name]: v })} />
        ))}
        {decision && task.kind !== 'message' && <Textarea label="Note for the file" description="For staff only." autosize minRows={2} maxRows={8} maxLength={10000} value={note} onChange={(e) => changed(setNote)(e.currentTarget.value)} />}
        {decision && <Attachments task={task} chosen={files} choose={changed(setFiles)} />}
        {complete.error && <Failure error={complete.error} />}
        <Group gap="xs">
          <Button type="submit" size="xs" disabled={!decision || unread} color={decision && (grave.has(decision.decision) || task.kind === 'approval' && decision.decision === 'approve') ? 'red.8' : undefined} loading={complete.isPending}>{decision ? labelOf(decision) : 'Choose a decision'}</Button>
        </Group>
      </form>
    </>
  )
}

/** Only what the chosen decision has fields for: what was typed for another one is not sent. */
function filled(decision: Decision, values: Record<string, string>): Schemas['TaskFields'] {
  const names = (decision.fields ?? []).map((f) => f.name)
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => names.includes(name) && value.trim() !== '').map(([name, value]) => [name, value.trim()]))
}

interface FieldProps {
  field: Field
  task: Task
  /** It is chosen among the grounds of the request's law. */
  ground: boolean
  value: string
  set: (value: string) => void
}

const choiceWords: Record<string, Record<string, string>> = { also_proven: alsoProven, method: identityChecks, outcome: inquiryOutcomes }

function OneField({ field: f, task, ground, value, set }: FieldProps) {
  if (f.kind === 'plan') return <WasRead task={task} value={value} set={set} />
  if (ground) return <Ground task={task} value={value} set={set} />
  if (f.kind === 'choice') {
    return <Select label={f.label} required={f.required} data={(f.choices ?? []).map((c) => ({ value: c, label: word(choiceWords[f.name] ?? {}, c) }))} clearable={!f.required} placeholder={f.name === 'also_proven' ? 'Only the mailbox' : undefined} value={value || null} onChange={(v) => set(v ?? '')} />
  }
  return <Textarea label={f.label} required={f.required} autosize minRows={2} maxRows={10} maxLength={f.max_length} value={value} onChange={(e) => set(e.currentTarget.value)} />
}

function Ground({ task, value, set }: { task: Task; value: string; set: (value: string) => void }) {
  const request = useQuery(requestQuery(task.request_id))
  const law = useQuery({ ...regimeQuery(request.data?.regime ?? ''), enabled: !!request.data })
  const grounds = request.data ? groundsOf(request.data, versionOf(request.data, law.data && items(law.data))) : []
  return (
    <Select label="Ground of the refusal" required searchable nothingFoundMessage="The law knows no such ground" disabled={grounds.length === 0} value={value || null} onChange={(v) => set(v ?? '')}
      data={grounds.map((g) => ({ value: g.reason, label: `${plain(g.reason)} (${g.citation.text})` }))} />
  )
}
