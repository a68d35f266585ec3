import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'

import { items } from '../api/client'
import { SavedViews } from '../page/SavedViews'
import classes from '../page/table.module.css'
import { useMay } from '../session/session'
import { rights, stateOf as stateName, states } from '../words/cases'
import { narrowed, type RequestFilter } from './filter'
import { MoreFilters, Narrowed } from './MoreFilters'
import { policiesQuery } from './queries'
import { useAssignees } from './staff'

const all = ''

function choices(of: Record<string, string>, any: string) {
  return [{ value: all, label: any }, ...Object.entries(of).map(([value, label]) => ({ value, label }))]
}

// Three filters of the API, one question for people.
const whole: Record<string, Partial<RequestFilter>> = { 'open:yes': { open: 'yes' }, 'open:no': { open: 'no' }, 'overdue:yes': { overdue: 'yes' } }
const stateChoices = (right?: string) => [
  { value: all, label: 'Any state' }, { value: 'open:yes', label: 'Not closed' }, { value: 'overdue:yes', label: 'Overdue' }, { value: 'open:no', label: 'Closed, all' },
  ...Object.keys(states).map((value) => ({ value, label: stateName(right ?? '', value) })),
]

const stateOf = (f: RequestFilter) => (f.overdue ? 'overdue:yes' : f.open ? `open:${f.open}` : f.state ?? all)

/** What the list is narrowed down to. It stands in the address, so that it can be kept and passed on. */
export function Filters({ filter, compact }: { filter: RequestFilter; compact?: boolean }) {
  const navigate = useNavigate()
  const may = useMay()
  const policies = useQuery({ ...policiesQuery, enabled: !compact && may('list-policies') })
  const assignees = useAssignees()
  const regimes = Object.fromEntries(items(policies.data).map((p) => [p.id, p.name]))
  const narrow = (by: Partial<Record<keyof RequestFilter, string | null>>) => {
    const next = Object.fromEntries(Object.entries({ ...filter, ...by, cursor: undefined }).filter(([, v]) => v))
    void navigate({ to: '.', search: next, replace: true })
  }
  const toState = (v: string) => narrow({ state: undefined, open: undefined, overdue: undefined, ...(whole[v] ?? { state: v as 'received' }) })
  return (
    <div className={classes.filters} data-compact={compact || undefined} role="group" aria-label="Filter">
      <Select aria-label="State" size="xs" data={stateChoices(filter.right)} value={stateOf(filter)} onChange={(v) => toState(v ?? all)} />
      <Select aria-label="Right" size="xs" data={choices(rights, 'Any right')} value={filter.right ?? all} onChange={(v) => narrow({ right: v })} />
      {!compact && (
        <>
          <Select aria-label="Law" size="xs" searchable data={choices(regimes, 'Any law')} value={filter.regime ?? all} onChange={(v) => narrow({ regime: v })} />
          <Select aria-label="Assignee" size="xs" data={assignees} value={filter.assignee ?? all} onChange={(v) => narrow({ assignee: v })} />
          <Select aria-label="Order" size="xs" data={[{ value: all, label: 'Newest first' }, { value: 'due', label: 'Due soonest first' }]} value={filter.order === 'due' ? 'due' : all} onChange={(v) => narrow({ order: v })} />
          <MoreFilters filter={filter} narrow={narrow} />
          <Narrowed filter={filter} narrow={narrow} />
          <SavedViews screen="/requests" search={filter} />
        </>
      )}
      {narrowed(filter) && !compact && <Button variant="subtle" size="xs" onClick={() => void navigate({ to: '.', search: {}, replace: true })}>Clear</Button>}
    </div>
  )
}
