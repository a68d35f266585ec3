import { Button, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'

import { items } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Printed } from '../page/Printed'
import rows from '../page/table.module.css'
import { Tag } from '../page/Tag'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Due } from '../time/Due'
import { receiverKinds } from '../words/consents'
import { count, word } from '../words/words'
import classes from './consents.module.css'
import { ReceiverForm } from './ReceiverForm'
import { openQuery, owedOf, receiversQuery, riskOfHandover, standOf, type Handover, type Owed, type Receiver } from './receivers'

interface Line {
  receiver: Receiver
  owed: Owed
}

/** The systems that write to people, what each has yet to confirm, and what is due first. */
export function ReceiversPage() {
  const may = useMay()
  const answer = useQuery(receiversQuery)
  const open = useQuery(openQuery)
  const [adding, add] = useState(false)
  const error = answer.error ?? open.error
  const button = may('create-consent-receiver') && <Button onClick={() => add(true)}>Add a system</Button>
  return (
    <>
      <Printed what="Systems that have to hear who wants no more" />
      <div className={classes.purposeHead}>
        <p className="dim prose" style={{ margin: 0 }}>A newsletter program or a CRM that writes to people has to stop, too, when somebody wants no more: it is told, or asks, and confirms within the time of the law. Objections, restrictions and suppressions count with the withdrawals. Nobody is named here.</p>
        {button}
      </div>
      {(answer.isPending || open.isPending) && !error && <Waiting lines={4} height={41} />}
      {error && <Failure error={error} retry={() => { void answer.refetch(); void open.refetch() }} />}
      {answer.data && open.data && <Known lines={linesOf(items(answer.data), items(open.data))} button={button} />}
      {adding && <ReceiverForm onClose={() => add(false)} />}
    </>
  )
}

function Known({ lines, button }: { lines: Line[]; button: ReactNode }) {
  const [retired, also] = useState(false)
  const shown = lines.filter((l) => retired || l.receiver.active)
  if (lines.length === 0) return <Empty title="No other system hears of withdrawals" action={button}>What is withdrawn here acts at once in what Docket answers. Whatever sends without asking has to be told: add each system that writes to your people.</Empty>
  return (
    <>
      <Summary lines={shown} />
      {(retired || shown.length < lines.length) && <Switch mt="sm" size="xs" className="screen-only" label="Also those that are retired" checked={retired} onChange={(e) => also(e.currentTarget.checked)} />}
      {shown.length > 0 && <Table lines={shown} />}
    </>
  )
}

function linesOf(receivers: Receiver[], open: Handover[]): Line[] {
  const lines = receivers.map((receiver) => ({ receiver, owed: owedOf(open.filter((h) => h.receiver_id === receiver.id)) }))
  const due = (l: Line) => l.owed.next?.due ?? '9'
  return lines.sort((a, b) => Number(b.receiver.active) - Number(a.receiver.active) || due(a).localeCompare(due(b)) || a.receiver.name.localeCompare(b.receiver.name))
}

/** All of it in a sentence, with the nearest moment. */
function Summary({ lines }: { lines: Line[] }) {
  const behind = lines.filter((l) => l.owed.days > 0)
  const next = behind[0]?.owed.next
  if (lines.length === 0) return null
  if (!next) return <p className={classes.sum} role="status">Every withdrawal that came in is confirmed.</p>
  const left = behind.reduce((n, l) => n + l.owed.left, 0)
  return (
    <p className={classes.sum} role="status">
      {count(left, 'withdrawal')} {left === 1 ? 'is' : 'are'} not confirmed, by {count(behind.length, 'system')}. The nearest time: <Due due={next.due} risk={riskOfHandover(next.state)} />
    </p>
  )
}

function Table({ lines }: { lines: Line[] }) {
  const navigate = useNavigate()
  return (
    <table className={rows.table} style={{ marginTop: 16 }}>
      <thead><tr><th scope="col">System</th><th scope="col">How it hears</th><th scope="col">Open</th><th scope="col">Nearest time</th><th scope="col">State</th></tr></thead>
      <tbody>
        {lines.map(({ receiver: r, owed }) => (
          <tr key={r.id} className={rows.row} onClick={(e) => { if (!(e.target as HTMLElement).closest('a')) void navigate({ to: '/consents/receivers/$id', params: { id: r.id } }) }}>
            <td data-cell="reference"><Link to="/consents/receivers/$id" params={{ id: r.id }} data-row={r.id}>{r.name}</Link></td>
            <td data-cell="law">{word(receiverKinds, r.kind)}</td>
            <td data-cell="right" className="tabular">{owed.days > 0 ? `${owed.left.toLocaleString('en-GB')} not confirmed, from ${count(owed.days, 'day')}` : <span className="dim">nothing</span>}</td>
            <td data-cell="due">{owed.next && <Due due={owed.next.due} risk={riskOfHandover(owed.next.state)} />}</td>
            <td data-cell="state"><Stand of={r} owed={owed} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function Stand({ of: r, owed }: { of: Receiver; owed: Owed }) {
  const [words, risk] = standOf(r, owed)
  return <Tag risk={risk}>{words}</Tag>
}
