import { Button } from '@mantine/core'
import { useState } from 'react'

import { Cited } from '../rules/Cited'
import { blocking, fates, grounds } from '../words/erasures'
import { count, word } from '../words/words'
import { dayInWords } from './days'
import { Decide } from './Decide'
import { Decided } from './Decided'
import classes from './erasure.module.css'
import { decisionsOn, erasedIn, happens, touches, undecided } from './plan'
import type { Erasure, Line, PlanOfSystem } from './queries'

interface Props {
  request: string
  erasure: Erasure
  system: PlanOfSystem
  line: Line
  deciding: boolean
  allFields: boolean
}

/** One collection: what happens to it, how many rows, why some stay, what is to be decided. */
export function PlanLine({ request, erasure, system, line: l, deciding, allFields }: Props) {
  const [fields, setFields] = useState(false)
  const [asking, setAsking] = useState(false)
  const shown = fields || allFields
  const all = l.fields ?? []
  const erased = erasedIn(l)
  return (
    <>
      <tr className={classes.line}>
        <td>
          <p><code>{l.collection}</code>{l.dataset !== system.key && <span className="dim"> in {l.dataset}</span>}</p>
          <div className={classes.acts}>
            {all.length > 0 && !allFields && <Button size="compact-xs" variant="subtle" aria-expanded={shown} onClick={() => setFields(!fields)} aria-label={`${count(all.length, 'field')} of ${l.collection}`}>{count(all.length, 'field')}</Button>}
            {deciding && touches(l) && <Button size="compact-xs" variant="subtle" onClick={() => setAsking(true)} aria-label={`Decide on ${l.collection}`}>Decide</Button>}
          </div>
        </td>
        <td>
          <p>{happens(l)}{l.why && <span className="dim"> {sentence(l.why)}</span>}{l.rows.own === 0 && <span className="dim"> No row of the person was found.</span>}</p>
          <Keepings line={l} />
          <Others line={l} />
          <Problems erasure={erasure} line={l} />
          {decisionsOn(erasure, l).map((d) => <Decided key={d.id} request={request} decision={d} open={deciding} />)}
        </td>
        <Number n={erased} what="Erased" />
        <Number n={l.rows.kept} what="Kept" />
        <Number n={l.rows.others} what="Of others" />
      </tr>
      {shown && all.length > 0 && <tr><td colSpan={5} className={classes.fieldsCell}><Fields line={l} /></td></tr>}
      {asking && <Decide request={request} erasure={erasure} line={l} onClose={() => setAsking(false)} />}
    </>
  )
}

function Number({ n, what }: { n: number; what: string }) {
  return <td className={classes.number} data-none={n === 0 || undefined}><span className={classes.label}>{what} </span>{n.toLocaleString('en-GB')}</td>
}

function Keepings({ line: l }: { line: Line }) {
  const kept = l.kept ?? []
  if (kept.length === 0) return null
  return (
    <ul className={classes.reasons}>
      {kept.map((k) => (
        <li key={`${k.ground}${k.rule}${k.name}`}>
          {count(k.rows, 'row')} kept{k.until && k.first && k.first !== k.until && <>, the first until {dayInWords(k.first)}, the last until {dayInWords(k.until)}</>}{k.until && (!k.first || k.first === k.until) && <> until {dayInWords(k.until)}</>}.
          {' '}{word(grounds, k.ground)}{k.name && <>: {k.name}</>}{k.citation?.text && <> (<Cited citation={k.citation} />)</>}.
          {!k.until && k.ground === 'legal_duty' && ' Nobody can say until when.'}
        </li>
      ))}
    </ul>
  )
}

function Others({ line: l }: { line: Line }) {
  const told = (l.problems ?? []).some((p) => p.code === 'others')
  return (
    <>
      {l.claimed && <p className="dim">Rows that the person’s only point at count as the person’s here.</p>}
      {l.rows.others > 0 && !told && <p>{count(l.rows.others, 'row')} that the person’s lead to {l.rows.others === 1 ? 'is' : 'are'} somebody else’s, or shared. Nobody touches {l.rows.others === 1 ? 'it' : 'them'}.</p>}
      {l.rows.parts > 0 && <p>{count(l.rows.parts, 'row')} of others {l.rows.parts === 1 ? 'holds' : 'hold'} single entries of the person.</p>}
    </>
  )
}

/** What must be decided before the plan can be proposed, and what is good to know. */
function Problems({ erasure, line: l }: { erasure: Erasure; line: Line }) {
  const open = !!undecided(erasure, l)
  return (
    <>
      {(l.problems ?? []).map((p) => (
        <p key={`${p.code}${p.where ?? ''}${p.what}`} className={classes.problem}>
          <strong>{!blocking.includes(p.code) ? 'To know:' : open ? 'To be decided:' : 'Accepted:'}</strong> {p.where && p.where !== `${l.dataset}.${l.collection}` && <><code>{p.where.replace(`${l.dataset}.${l.collection}.`, '')}</code>: </>}{sentence(p.what)} <span className="dim">{sentence(p.do)}</span>
        </p>
      ))}
    </>
  )
}

function Fields({ line: l }: { line: Line }) {
  return (
    <ul className={classes.fields} aria-label={`Fields of ${l.collection}`}>
      {(l.fields ?? []).map((f) => (
        <li key={(f.path ?? []).join('.')}>
          <code>{(f.path ?? []).join('.')}</code> {word(fates, f.fate)}{f.trimmed && ', in the kept rows too'}
          {(f.categories ?? []).length > 0 && <span className={classes.categories}>{f.categories?.join(', ')}</span>}
        </li>
      ))}
    </ul>
  )
}

function sentence(text: string): string {
  const s = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(s) ? s : `${s}.`
}
