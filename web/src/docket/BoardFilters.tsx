import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'

import { items } from '../api/client'
import { SavedViews } from '../page/SavedViews'
import rows from '../page/table.module.css'
import { policiesQuery } from '../requests/queries'
import { useAssignees } from '../requests/staff'
import { useMay, useZone } from '../session/session'
import { systemsQuery } from '../systems/queries'
import { dayOf } from '../time/moment'
import { obligations, rights } from '../words/cases'
import classes from './docket.module.css'
import type { BoardFilter } from './filter'

const stateChoices = [
  { value: '', label: 'Any state' },
  { value: 'overdue', label: 'Overdue' },
  { value: 'open', label: 'Open' },
  { value: 'paused', label: 'Paused' },
]

const choices = (of: Record<string, string>, any: string) => [{ value: '', label: any }, ...Object.entries(of).map(([value, label]) => ({ value, label }))]

/** What the board is narrowed down to. It stands in the address, so that it can be kept and passed on. */
export function BoardFilters({ filter }: { filter: BoardFilter }) {
  const navigate = useNavigate()
  const may = useMay()
  const zone = useZone()
  const assignees = useAssignees()
  const policies = useQuery({ ...policiesQuery, enabled: may('list-policies') })
  const systems = useQuery({ ...systemsQuery, enabled: may('list-systems') })
  const regimes = Object.fromEntries(items(policies.data).map((p) => [p.id, p.name]))
  const held = Object.fromEntries(items(systems.data).map((s) => [s.key, s.name]))
  const narrow = (by: Partial<Record<keyof BoardFilter, string | null>>) => {
    const next = Object.fromEntries(Object.entries({ ...filter, ...by, cursor: undefined }).filter(([, v]) => v))
    void navigate({ to: '/', search: next, replace: true, resetScroll: false })
  }
  const active = Object.keys(filter).some((k) => k !== 'cursor')
  return (
    <div className={`${rows.filters ?? ''} ${classes.filters ?? ''}`} role="group" aria-label="Filter">
      <Select aria-label="State" size="xs" data={stateChoices} value={filter.state ?? ''} onChange={(v) => narrow({ state: v })} />
      <Select aria-label="What is owed" size="xs" data={choices(obligations, 'Anything owed')} value={filter.kind ?? ''} onChange={(v) => narrow({ kind: v })} />
      <Select aria-label="Right" size="xs" data={choices(rights, 'Any right')} value={filter.right ?? ''} onChange={(v) => narrow({ right: v })} />
      <Select aria-label="Law" size="xs" searchable data={choices(regimes, 'Any law')} value={filter.regime ?? ''} onChange={(v) => narrow({ regime: v })} />
      <Select aria-label="System" size="xs" data={choices(held, 'Any system')} value={filter.system ?? ''} onChange={(v) => narrow({ system: v })} />
      <Select aria-label="Assignee" size="xs" data={assignees} value={filter.assignee ?? ''} onChange={(v) => narrow({ assignee: v })} />
      {filter.until && <span className={classes.until}>due until {dayOf(`${filter.until}T12:00:00Z`, zone)}</span>}
      <SavedViews screen="/" search={filter} />
      {active && <Button variant="subtle" size="xs" onClick={() => void navigate({ to: '/', search: {}, replace: true, resetScroll: false })}>Clear</Button>}
    </div>
  )
}
