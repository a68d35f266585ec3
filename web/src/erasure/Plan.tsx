import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import type { Schemas } from '../api/client'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import { useStaff } from '../requests/staff'
import { useCommand } from '../request/commands/useCommand'
import { useMay } from '../session/session'
import { Ago, Day } from '../time/Moment'
import { count } from '../words/words'
import { dayInWords } from './days'
import classes from './erasure.module.css'
import { allLines, erasedIn, outdated, undecided } from './plan'
import { PlanSystem } from './PlanSystem'
import type { Erasure } from './queries'
import { usePrinting } from './usePrinting'

/** As many collections as are shown unfolded from the first; of more only the systems are. */
const few = 40

interface Props {
  detail: Schemas['RequestDetail']
  erasure: Erasure
  /** It stands on a page of its own. */
  alone?: boolean
}

/** What an erasure will do, system by system, with what was decided on it. */
export function Plan({ detail, erasure: e, alone }: Props) {
  const may = useMay()
  const printing = usePrinting()
  const [opened, setOpened] = useState<Record<string, boolean>>({})
  const [fields, setFields] = useState(false)
  const systems = e.plan.systems ?? []
  const unfolded = allLines(e).length <= few
  const deciding = detail.state === 'reviewing' && may('add-plan-decision')
  return (
    <div className={classes.plan}>
      <HowItStands erasure={e} />
      {detail.state === 'reviewing' && <Outdated id={detail.id} erasure={e} />}
      <Figures erasure={e} />
      {(e.plan.holds ?? []).map((h) => (
        <p key={h.id} className={classes.standing}><strong>Legal hold:</strong> {h.matter}{h.citation?.text ? ` (${h.citation.text})` : ''}. {(h.systems ?? []).length > 0 ? `It keeps what is in ${h.systems?.join(', ')}` : 'It keeps everything'}, and is looked at again on {h.review ? dayInWords(h.review) : 'no day yet'}.</p>
      ))}
      <div className={classes.bar}>
        {!alone && <Link to="/requests/$id/plan" params={{ id: detail.id }} className={classes.aloneLink}>Read it on a page of its own, to print it</Link>}
        <Button size="compact-xs" variant="default" onClick={() => setOpened(Object.fromEntries(systems.map((s) => [s.key, true])))}>Unfold all systems</Button>
        <Button size="compact-xs" variant="default" onClick={() => setOpened(Object.fromEntries(systems.map((s) => [s.key, false])))}>Fold them</Button>
        <Button size="compact-xs" variant="default" aria-pressed={fields} onClick={() => setFields(!fields)}>{fields ? 'Hide the fields' : 'Show every field'}</Button>
      </div>
      {systems.length === 0 && <p>There is no system in which anything could lie. Nothing is erased.</p>}
      {systems.map((s) => (
        <PlanSystem key={s.key} request={detail.id} erasure={e} system={s} deciding={deciding} allFields={fields || printing} open={printing || (opened[s.key] ?? (unfolded || (s.lines ?? []).some((l) => undecided(e, l))))}
          toggle={(open) => setOpened((old) => ({ ...old, [s.key]: open }))} />
      ))}
      <p className={classes.hash}>SHA-256 of the plan, which an approval is for: <code>{e.sha256}</code></p>
    </div>
  )
}

/** Who has done what with the plan so far. */
function HowItStands({ erasure: e }: { erasure: Erasure }) {
  const { nameOf } = useStaff()
  const name = (id: string | undefined) => nameOf(id) ?? 'a member of staff'
  return (
    <p className={classes.standing}>
      The systems were counted <Ago at={e.plan.made} />{e.round > 1 && `, for the ${e.round}${e.round === 2 ? 'nd' : e.round === 3 ? 'rd' : 'th'} time`}.
      {e.proposed_at && <> Proposed by {name(e.proposed_by)}, <Ago at={e.proposed_at} />.</>}
      {e.approved_at && <> Approved by {name(e.approved_by)}, <Ago at={e.approved_at} />.</>}
      {e.state === 'approved' && e.not_before && <> It is carried out on <Day at={e.not_before} />.</>}
    </p>
  )
}

function Outdated({ id, erasure }: { id: string; erasure: Erasure }) {
  const may = useMay()
  const [key, setKey] = useState(newKey)
  const order = useCommand(id, () => setKey(newKey()))
  if (!outdated(erasure)) return null
  return (
    <div className={classes.banner} role="status">
      <p>Something was decided since this plan was made. Have it made anew: the systems are counted once more, and the decisions are in it.</p>
      {may('recollect-request') && <Button size="xs" loading={order.isPending} onClick={() => order.mutate({ name: 'recollect', body: {}, key })}>Make the plan anew</Button>}
      {order.error && <Failure error={order.error} />}
    </div>
  )
}

function Figures({ erasure: e }: { erasure: Erasure }) {
  const { totals } = e
  const lines = allLines(e)
  const figures: [number, string][] = [
    [lines.reduce((sum, l) => sum + erasedIn(l), 0), 'rows erased'],
    [totals.rows.kept, totals.kept_until ? `rows kept, the last until ${dayInWords(totals.kept_until)}` : 'rows kept'],
    [totals.rows.others, 'rows of others, not touched'],
    [totals.rows.parts, 'rows of others with entries taken out'],
    [totals.problems, totals.problems === 1 ? 'problem' : 'problems'],
    [totals.manual, totals.manual === 1 ? 'system by hand' : 'systems by hand'],
    [totals.asked, totals.asked === 1 ? 'system by asking others' : 'systems by asking others'],
  ]
  return (
    <>
      <ul className={classes.figures} aria-label="Totals">
        {figures.filter(([n], i) => n > 0 || i < 2).map(([n, what]) => <li key={what} className={classes.figure}><strong>{n.toLocaleString('en-GB')}</strong>{what}</li>)}
      </ul>
      <p className={classes.standing}>{count(totals.systems, 'system')}, {count(totals.collections, 'collection')}, {count(totals.fields, 'field')}.{totals.rows.own === 0 && totals.manual === 0 && totals.asked < totals.systems && ' Nothing was found that is known to be the person’s.'}</p>
    </>
  )
}
