import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'

import { items } from '../api/client'
import { useMay, useSession } from '../session/session'
import { rights, states } from '../words/cases'
import type { RequestFilter } from './filter'
import { policiesQuery } from './queries'
import classes from '../page/table.module.css'
import { useStaff } from './staff'

const all = ''

function choices(of: Record<string, string>, any: string) {
  return [{ value: all, label: any }, ...Object.entries(of).map(([value, label]) => ({ value, label }))]
}

/** What the list is narrowed down to. It stands in the address, so that it can be kept and passed on. */
export function Filters({ filter, compact }: { filter: RequestFilter; compact?: boolean }) {
  const navigate = useNavigate()
  const { staff_id: me } = useSession()
  const may = useMay()
  const { staff } = useStaff()
  const policies = useQuery({ ...policiesQuery, enabled: !compact && may('list-policies') })
  const regimes = [...new Map(items(policies.data).map((p) => [p.id, p.name])).entries()].sort((a, b) => a[1].localeCompare(b[1]))
  const narrow = (by: Partial<RequestFilter>) => {
    const next = Object.fromEntries(Object.entries({ ...filter, ...by, cursor: undefined }).filter(([, v]) => v))
    void navigate({ to: '.', search: next, replace: true })
  }
  const people = [
    { value: all, label: 'Anybody’s' },
    ...(me ? [{ value: me, label: 'Mine' }] : []),
    ...staff.filter((s) => s.active && s.id !== me).map((s) => ({ value: s.id, label: s.name })),
  ]
  const active = Object.keys(filter).some((key) => key !== 'cursor')
  return (
    <div className={classes.filters} data-compact={compact || undefined} role="group" aria-label="Filter">
      <Select aria-label="State" size="xs" data={choices(states, 'Any state')} value={filter.state ?? all} onChange={(v) => narrow({ state: v ?? '' })} />
      <Select aria-label="Right" size="xs" data={choices(rights, 'Any right')} value={filter.right ?? all} onChange={(v) => narrow({ right: v ?? '' })} />
      {!compact && regimes.length > 0 && (
        <Select aria-label="Law" size="xs" searchable data={[{ value: all, label: 'Any law' }, ...regimes.map(([value, label]) => ({ value, label }))]}
          value={filter.regime ?? all} onChange={(v) => narrow({ regime: v ?? '' })} />
      )}
      {!compact && people.length > 1 && <Select aria-label="Assignee" size="xs" data={people} value={filter.assignee ?? all} onChange={(v) => narrow({ assignee: v ?? '' })} />}
      {active && !compact && <Button variant="subtle" size="xs" onClick={() => void navigate({ to: '.', search: {}, replace: true })}>Clear</Button>}
    </div>
  )
}
