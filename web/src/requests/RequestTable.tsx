import { Checkbox } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'

import type { Schemas } from '../api/client'
import { Due } from '../time/Due'
import { Ago } from '../time/Moment'
import { outcomes, rights, stateOf } from '../words/cases'
import { word } from '../words/words'
import classes from '../page/table.module.css'
import { LawName } from '../rules/LawName'
import type { Selection } from './selection'
import { useStaff } from './staff'

type Line = Schemas['RequestLine']

/** Where a request stands, in words; once closed, how it ended. */
export function standing(r: { right: string; state: string; outcome?: string }): string {
  return r.state === 'closed' ? word(outcomes, r.outcome ?? 'closed') : stateOf(r.right, r.state)
}

interface Props {
  rows: Line[]
  stale?: boolean
  /** Where rows can be chosen. */
  selection?: Selection
}

export function RequestTable({ rows, stale, selection }: Props) {
  const { nameOf } = useStaff()
  return (
    <div className={classes.tableFrame} data-stale={stale || undefined}>
      <table className={classes.table}>
        <thead>
          <tr>
            {selection && <th scope="col" className={classes.choose}><span className="visually-hidden">Chosen</span><AllOf rows={rows} selection={selection} /></th>}
            <th scope="col">Reference</th>
            <th scope="col">Right</th>
            <th scope="col">Law</th>
            <th scope="col">State</th>
            <th scope="col">Next due</th>
            <th scope="col">Assignee</th>
            <th scope="col">Received</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => <Row key={r.id} request={r} assignee={nameOf(r.assignee_id)} selection={selection} />)}
        </tbody>
      </table>
    </div>
  )
}

function AllOf({ rows, selection }: { rows: Line[]; selection: Selection }) {
  const some = rows.filter((r) => selection.chosen.has(r.id)).length
  return (
    <Checkbox size="xs" aria-label="Choose every row of this page" checked={some > 0 && some === rows.length} indeterminate={some > 0 && some < rows.length}
      onChange={() => selection.set(some === rows.length ? [] : rows.map((r) => r.id))} />
  )
}

function Row({ request: r, assignee, selection }: { request: Line; assignee?: string; selection?: Selection }) {
  const navigate = useNavigate()
  const open = () => void navigate({ to: '/requests/$id', params: { id: r.id }, search: true })
  return (
    <tr className={classes.row} onClick={(e) => { if (!(e.target as HTMLElement).closest('a, label, input, [data-cell=choose]')) open() }} data-chosen={selection?.chosen.has(r.id) || undefined}>
      {selection && (
        <td data-cell="choose" className={classes.choose} onClick={(e) => { if (e.target === e.currentTarget) selection.toggle(r.id, e.shiftKey) }}>
          <Checkbox size="xs" tabIndex={-1} aria-label={`Choose ${r.reference}`} checked={selection.chosen.has(r.id)} onClick={(e) => selection.toggle(r.id, e.shiftKey)} onChange={() => undefined} />
        </td>
      )}
      <td data-cell="reference">
        <Link to="/requests/$id" params={{ id: r.id }} search={true} className="reference" data-row={r.id}>{r.reference}</Link>
        {r.duplicate_of && <span className={classes.mark} title="The same mailbox has an earlier open request">linked</span>}
      </td>
      <td data-cell="right">{word(rights, r.right)}</td>
      <td data-cell="law" className="dim"><LawName id={r.regime} /></td>
      <td data-cell="state" className={r.state === 'closed' ? 'dim' : undefined}>{standing(r)}</td>
      <td data-cell="due">{r.state === 'closed' && !r.next_due ? <span className="dim">closed</span> : <Due due={r.next_due} />}</td>
      <td data-cell="assignee" className={classes.name}>{assignee ?? <span className="dim">nobody</span>}</td>
      <td data-cell="received" className="dim"><Ago at={r.received_at} /></td>
    </tr>
  )
}
