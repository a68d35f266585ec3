import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'

import { dayInWords } from '../erasure/days'
import table from '../page/table.module.css'
import { Tag } from '../page/Tag'
import { Cited } from '../rules/Cited'
import { useMay } from '../session/session'
import { Due } from '../time/Due'
import { Day } from '../time/Moment'
import { grounds } from '../words/erasures'
import { count, word } from '../words/words'
import classes from './deferred.module.css'
import type { Deferred, Kept } from './queries'

const Whose = lazy(() => import('./Whose').then((m) => ({ default: m.Whose })))

export function Rows({ lines, stale }: { lines: Deferred[]; stale: boolean }) {
  const may = useMay()
  const [shown, show] = useState<Deferred>()
  return (
    <div className={table.tableFrame} data-stale={stale || undefined}>
      <table className={`${table.table} ${classes.deferred}`}>
        <thead><tr><th scope="col">Request</th><th scope="col">Next look</th><th scope="col">Kept</th><th scope="col">Put off by</th>{may('get-deferred-erasure') && <th scope="col"><span className={classes.unseen}>Whose</span></th>}</tr></thead>
        <tbody>
          {lines.map((d) => (
            <tr key={d.id}>
              <td data-cell="reference"><Link to="/requests/$id" params={{ id: d.request }} className="reference" data-row={d.id}>{d.reference}</Link></td>
              <td data-cell="due">{d.state === 'done' ? <Tag risk="done">Done on {d.ended_at && <Day at={d.ended_at} />}</Tag> : <><Due due={d.due} /><div className="dim"><Day at={d.due} /></div></>}</td>
              <td data-cell="kept"><ul className={classes.kept}>{(d.kept ?? []).map((k) => <li key={`${k.system}${k.ground}${k.citation?.text}${k.until}`}><OneKept kept={k} /></li>)}</ul>{(d.kept ?? []).length === 0 && <span className="dim">shown after the next look</span>}</td>
              <td data-cell="putoff"><PutOff line={d} /></td>
              {may('get-deferred-erasure') && <td data-cell="whose">{d.state !== 'done' && <Button size="xs" variant="default" aria-label={`Show whose data ${d.reference} keeps`} onClick={() => show(d)}>Whose</Button>}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      <Suspense>{shown && <Whose line={shown} onClose={() => show(undefined)} />}</Suspense>
    </div>
  )
}

function OneKept({ kept: k }: { kept: Kept }) {
  return (
    <>
      <strong>{k.name}</strong>, {count(k.rows, 'row')}: {word(grounds, k.ground)}
      {k.citation?.text && <> (<Cited citation={k.citation} />)</>}{k.until ? <>, until <span className="nowrap tabular">{dayInWords(k.until)}</span></> : k.ground !== 'legal_hold' && <>, nobody can say until when</>}.
    </>
  )
}

/** What keeps the erasure from being carried out beside its time: holds that stand, systems that were stopped, people who are asked. */
function PutOff({ line: d }: { line: Deferred }) {
  const may = useMay()
  const called = (key: string) => (d.kept ?? []).find((k) => k.system === key)?.name ?? key
  const stopped = [...new Set((d.kept ?? []).filter((k) => k.stopped).map((k) => k.name))]
  const holds = d.holds ?? []
  const asked = d.asked ?? []
  if (holds.length + stopped.length + asked.length + d.to_tell === 0) return <span className="dim">{d.state === 'done' ? '' : 'nothing'}</span>
  return (
    <ul className={classes.kept}>
      {holds.map((h) => <li key={h.id}>The hold {may('list-holds') ? <Link to="/holds" search={{}}>{h.matter}</Link> : h.matter} keeps {(h.systems ?? []).length > 0 ? `what is in ${(h.systems ?? []).map(called).join(', ')}` : 'it'}</li>)}
      {stopped.map((name) => <li key={name}>{name} was stopped in an emergency</li>)}
      {asked.map((key) => <li key={key} className={classes.asked}>People are asked to erase in {called(key)}</li>)}
      {d.to_tell > 0 && <li className={classes.asked}>{count(d.to_tell, 'recipient')} of the data must hear that it is erased</li>}
    </ul>
  )
}
