import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'

import { items } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Printed } from '../page/Printed'
import rows from '../page/table.module.css'
import { Tag } from '../page/Tag'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { importStates } from '../words/consents'
import { bytes, word } from '../words/words'
import classes from './consents.module.css'
import { atWork, importsQuery, purposesQuery, titleOf, type Import } from './queries'

const NewImport = lazy(() => import('./NewImport').then((m) => ({ default: m.NewImport })))

/** Lists of consents on their way into the ledger, and those that are in it, newest first. */
export function ImportsPage() {
  const may = useMay()
  const answer = useQuery(importsQuery)
  const purposes = useQuery({ ...purposesQuery, enabled: may('list-consent-purposes') })
  const [adding, add] = useState(false)
  const imports = answer.data && items(answer.data)
  const button = may('create-consent-import') && !adding && <Button onClick={() => add(true)}>Import a list</Button>
  return (
    <>
      <Printed what="Imports of consents" />
      <div className={classes.purposeHead}>
        <p className="dim prose" style={{ margin: 0 }}>A list is handed in, read through without anything being written, and written to the ledger when you say so. A file that nobody imports for a week is gone.</p>
        {button}
      </div>
      {adding && <Suspense fallback={<Waiting lines={4} />}><NewImport purposes={items(purposes.data)} onClose={() => add(false)} /></Suspense>}
      {answer.isPending && <Waiting lines={4} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {imports?.length === 0 && !adding && <Empty title="No list was imported yet" action={button}>A list of people who agreed elsewhere, or who have withdrawn: what its columns mean is said first.</Empty>}
      {imports && imports.length > 0 && <Table imports={imports} titles={(key) => titleOf(items(purposes.data), key)} />}
    </>
  )
}

function Table({ imports, titles }: { imports: Import[]; titles: (key: string) => string }) {
  const navigate = useNavigate()
  return (
    <table className={rows.table} style={{ marginTop: 16 }}>
      <thead><tr><th scope="col">List</th><th scope="col">Purpose</th><th scope="col">Begun</th><th scope="col">State</th><th scope="col">Lines</th></tr></thead>
      <tbody>
        {imports.map((i) => (
          <tr key={i.id} className={rows.row} onClick={(e) => { if (!(e.target as HTMLElement).closest('a')) void navigate({ to: '/consents/imports/$id', params: { id: i.id } }) }}>
            <td data-cell="reference"><Link to="/consents/imports/$id" params={{ id: i.id }} data-row={i.id}>{i.name}</Link></td>
            <td data-cell="right">{titles(i.mapping.purpose)}</td>
            <td data-cell="due"><Ago at={i.created_at} /></td>
            <td data-cell="state"><State of={i} /></td>
            <td data-cell="law" className="tabular dim">{linesOf(i)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function State({ of: i }: { of: Import }) {
  return <Tag risk={i.state === 'failed' ? 'overdue' : i.state === 'checked' || i.state === 'stopped' ? 'soon' : atWork(i.state) ? 'paused' : i.state === 'done' ? 'done' : undefined}>{word(importStates, i.state)}</Tag>
}

function linesOf(i: Import): string {
  const n = (of: number) => of.toLocaleString('en-GB')
  if (i.state === 'done' || i.state === 'running' || i.state === 'stopped') return `${n(i.written.written)} written`
  if (i.checked.lines > 0) return `${n(i.checked.written)} fit${i.checked.faulty > 0 ? `, ${n(i.checked.faulty)} faulty` : ''}`
  return i.bytes > 0 ? bytes(i.bytes) : ''
}
