import { Button, Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { IconArrowLeft } from '@tabler/icons-react'
import { useState } from 'react'

import { items } from '../api/client'
import { Facts } from '../page/Facts'
import { Failure } from '../page/Failure'
import page from '../page/page.module.css'
import { Panel } from '../page/Panel'
import { Printed } from '../page/Printed'
import rows from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Day } from '../time/Moment'
import { channels, layouts, relations, toldKinds } from '../words/consents'
import { bytes, count, plain, word } from '../words/words'
import { ChooseList } from './ChooseList'
import classes from './consents.module.css'
import { State } from './ImportsPage'
import { Sending } from './NewImport'
import { importQuery, purposesQuery, titleOf, type Import } from './queries'
import { RunImport } from './RunImport'
import { useHandIn } from './useHandIn'

const route = getRouteApi('/inside/consents/imports/$id')

/** One list: how far it has come, what is wrong with its lines, and the word to write it. */
export function ImportPage() {
  const { id } = route.useParams()
  const answer = useQuery(importQuery(id))
  return (
    <>
      <Link to="/consents/imports" className={page.back}><IconArrowLeft size={16} aria-hidden /> Imports</Link>
      {answer.isPending && <Waiting lines={6} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && <One of={answer.data} />}
    </>
  )
}

function One({ of: i }: { of: Import }) {
  const may = useMay()
  return (
    <>
      <Printed what={`Import of ${i.name}`} />
      <h2 className={classes.importName}>{i.name} <State of={i} /></h2>
      <div role="status"><HowFar of={i} /></div>
      {i.state === 'waiting' && may('put-consent-part') && <Again id={i.id} />}
      <RunImport of={i} />
      <Faults of={i} />
      <What of={i} />
    </>
  )
}

const number = (n: number) => n.toLocaleString('en-GB')

/** How far it has come, in a sentence and as a bar where the end is known. */
function HowFar({ of: i }: { of: Import }) {
  const { checked, written } = i
  const fits = `${count(checked.lines, 'line')}: ${number(checked.written)} can be written, ${number(checked.faulty)} can’t${left(checked.lines - checked.written - checked.faulty)}`
  switch (i.state) {
    case 'waiting': return <p>The file is not complete yet. If its sending broke off, hand the very same file in once more.</p>
    case 'checking': return <><p>Being read through; nothing is written. So far {fits}.</p><Progress className={classes.progress} value={100} animated aria-label="Being read through" /></>
    case 'checked': return <p>Read through to its end, and nothing is written. {fits}.</p>
    case 'running': return <><p>Being written: {number(written.lines)} of {number(checked.lines)} lines.</p><Progress className={classes.progress} value={(100 * written.lines) / Math.max(1, checked.lines)} aria-label="Written" /></>
    case 'stopped': return <p>Stopped: {number(written.lines)} of {number(checked.lines)} lines were gone through, and {inLedger(written.written)}. The rest is not written. Going on begins where it stopped and writes no line twice; after a week the file is gone.</p>
    case 'done': return <p>{count(written.written, 'line')} {written.written === 1 ? 'stands' : 'stand'} in the ledger{written.faulty > 0 && `, ${number(written.faulty)} faulty ones were left out`}. The file and its key are gone; its hash stays in the audit log.</p>
    default: return <p>It was given up: {i.problem}. {i.written.written > 0 ? `${count(i.written.written, 'line')} had been written before.` : 'Nothing was written.'}</p>
  }
}

const inLedger = (n: number) => (n === 0 ? 'none of them stands in the ledger' : `${count(n, 'line')} of them ${n === 1 ? 'stands' : 'stand'} in the ledger for good`)

const left = (n: number) => (n > 0 ? `, ${number(n)} are left out as you said` : '')

/** Hands the file of an import in once more, whose sending broke off. */
function Again({ id }: { id: string }) {
  const [file, setFile] = useState<File>()
  const { hand, sent, stop, stopped } = useHandIn(() => setFile(undefined))
  return (
    <Panel title="The file">
      <ChooseList file={file} onFile={setFile} />
      {hand.isPending && file && <Sending sent={sent} of={file.size} />}
      {hand.error && !stopped && <Failure error={hand.error} />}
      {hand.isPending ? <Button variant="default" onClick={stop}>Stop</Button> : <Button disabled={!file} onClick={() => { if (file) hand.mutate({ begin: () => Promise.resolve(id), file }) }}>Hand it in and read it through</Button>}
    </Panel>
  )
}

function Faults({ of: i }: { of: Import }) {
  const all = Math.max(i.checked.faulty, i.written.faulty)
  if (i.faults.length === 0) return null
  return (
    <Panel title={`What is wrong with ${count(all, 'line')}`}>
      {all > i.faults.length && <p className={classes.note}>The first {number(i.faults.length)} of them. What stands in the lines is not repeated here: it may be about people.</p>}
      <div className={classes.scroll} role="region" aria-label="Faulty lines" tabIndex={0}>
        <table className={`${rows.table ?? ''} ${classes.faults ?? ''}`}>
          <thead><tr><th scope="col">Line</th><th scope="col">Field</th><th scope="col">What is wrong</th></tr></thead>
          <tbody>{i.faults.map((f) => <tr key={`${f.line} ${f.field}`}><td>{number(f.line)}</td><td>{plain(f.field)}</td><td>{f.problem}</td></tr>)}</tbody>
        </table>
      </div>
    </Panel>
  )
}

const column = (name: string | undefined) => (name ? `the column ${name}` : '')

/** What was said of the list when it was handed in. */
function What({ of: i }: { of: Import }) {
  const may = useMay()
  const purposes = useQuery({ ...purposesQuery, enabled: may('list-consent-purposes') })
  const m = i.mapping
  const kinds = Object.entries(m.kinds ?? {}).map(([w, k]) => `${w}: ${k === 'skip' ? 'left out' : word(toldKinds, k)}`)
  return (
    <Panel title="What its columns mean">
      <Facts wide facts={[
        ['Purpose', titleOf(items(purposes.data), m.purpose)], ['Channel', word(channels, m.channel ?? 'email')], ['Address', column(m.address)], ['What happened', m.kind ? word(toldKinds, m.kind) : column(m.kind_column)],
        ['Its words', kinds.length > 0 && kinds.join('; ')], ['Implied by', m.relation && (relations[m.relation] ?? m.relation)], ['When', m.at && `${column(m.at)}, as ${layouts[m.at_layout ?? 'rfc3339'] ?? ''}`],
        ['Country', [column(m.country), m.default_country && `else ${m.default_country}`].filter(Boolean).join(', ')], ['Language', column(m.language)], ['Where from', column(m.source_column)], ['Page', column(m.url)], ['Network address', column(m.ip)],
        ['Evidence', m.evidence?.join(', ')], ['Words they saw', m.text ? `${m.text_language ?? ''}, version ${m.text}` : ''], ['File', i.bytes > 0 && bytes(i.bytes)], ['SHA-256', i.sha256 && <code key="sum">{i.sha256}</code>],
        ['Begun', <Day key="begun" at={i.created_at} />], ['Stopped', i.stopped_at && <Day key="stopped" at={i.stopped_at} />], ['Ended', i.ended_at && <Day key="ended" at={i.ended_at} />],
      ]} />
    </Panel>
  )
}
