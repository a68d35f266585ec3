import { Button, Select, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { Days } from '../page/Days'
import table from '../page/table.module.css'
import { actions } from '../words/actions'
import { plain } from '../words/words'
import { useActors } from './actors'
import classes from './audit.module.css'
import { outcomes, searched, type AuditFilter } from './filter'

const all = ''

/** What the log is searched for. It stands in the address, so that it can be kept and passed on. */
export function Filters({ filter }: { filter: AuditFilter }) {
  const navigate = useNavigate()
  const { choices } = useActors()
  const chosen = filter.actor_id
  const actors = [{ value: all, label: 'Anybody' }, ...choices, ...(chosen && !choices.some((a) => a.value === chosen) ? [{ value: chosen, label: 'Somebody else' }] : [])]
  const narrow = (by: Partial<Record<keyof AuditFilter, string | null>>) => {
    const next = Object.fromEntries(Object.entries({ ...filter, ...by, cursor: undefined }).filter(([, v]) => v))
    void navigate({ to: '/audit', search: next, replace: true })
  }
  return (
    <div className={`${table.filters ?? ''} ${classes.filters ?? ''}`} role="search" aria-label="Search the log">
      <Select label="What" size="xs" searchable data={actionChoices} value={filter.action ?? all} onChange={(v) => narrow({ action: v })} />
      <Select label="Who" size="xs" searchable data={actors} value={filter.actor_id ?? all} onChange={(v) => narrow({ actor_id: v })} />
      <Reference key={filter.request} request={filter.request} set={(request) => narrow({ request, object_id: undefined })} />
      <Select label="How it ended" size="xs" data={[{ value: all, label: 'In any way' }, ...Object.entries(outcomes).map(([value, label]) => ({ value, label }))]} value={filter.outcome ?? all} onChange={(v) => narrow({ outcome: v })} />
      <Days from={filter.from} before={filter.before} set={(from, before) => narrow({ from, before })} />
      {filter.object_id && <button type="button" className={table.narrowed} onClick={() => narrow({ object_id: undefined })}>About one thing <span aria-hidden>×</span></button>}
      {searched(filter) && <Button variant="subtle" size="xs" onClick={() => void navigate({ to: '/audit', search: {}, replace: true })}>Clear</Button>}
    </div>
  )
}

/** A request, by the reference that people call it by. */
function Reference({ request, set }: { request?: string; set: (request: string) => void }) {
  const [text, write] = useState(request ?? '')
  const given = text.trim()
  const fits = given === '' || /^[\w-]{1,40}$/.test(given)
  return (
    <form onSubmit={(e) => { e.preventDefault(); if (fits) set(given) }}>
      <TextInput label="Request" placeholder="Its reference" size="xs" value={text} error={!fits && 'Letters, digits and dashes.'} onChange={(e) => write(e.currentTarget.value)} onBlur={() => { if (fits && given !== (request ?? '')) set(given) }} spellCheck={false} />
    </form>
  )
}

const actionChoices = [{ value: all, label: 'Anything' }, ...grouped(Object.entries(actions))]

function grouped(of: [string, string][]) {
  const groups = new Map<string, { value: string; label: string }[]>()
  for (const [value, label] of of) {
    const group = plain(value.split('.')[0] ?? '')
    groups.set(group, [...(groups.get(group) ?? []), { value, label }])
  }
  return [...groups].map(([group, choices]) => ({ group, items: choices }))
}
