import { Button } from '@mantine/core'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { Tag } from '../page/Tag'
import type { Standing } from '../request/commands/allowed'
import { useStaff } from '../requests/staff'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { correctionExplained, correctionStates } from '../words/corrections'
import { count, plain, word } from '../words/words'
import classes from './corrections.module.css'
import type { Correction } from './queries'
import { RefuseCorrection } from './RefuseCorrection'
import { useDecision } from './useDecision'
import { Value } from './Value'

/** A value that is to become another: how it stands, who said so, and what can be decided. */
export function OneCorrection({ at, correction: c, open }: { at: Standing; correction: Correction; open: boolean }) {
  const whose = useWhose(at)
  const ended = c.ended_at ?? undefined
  const over = c.state === 'written' || c.state === 'by_hand'
  return (
    <li className={classes.correction} aria-label={`${c.system_name}: ${c.field}`}>
      <div className={classes.head}>
        <strong>{c.system_name} › <code>{c.collection}.{c.field}</code></strong>
        <Tag risk={tint(c.state)}>{word(correctionStates, c.state)}</Tag>
      </div>
      <dl className={classes.change}>
        <div><dt>{over ? 'Said' : 'Says'}</dt><dd><Value text={c.was} as="del" /></dd></div>
        <div><dt>{over ? 'Says now' : 'Becomes'}</dt><dd><Value text={c.becomes} as="ins" /></dd></div>
      </dl>
      {c.why && <p className={classes.why}>{c.why}</p>}
      <p className={classes.hint}>
        Proposed by {whose(c.proposed_by)}, <Ago at={c.proposed_at} />.
        {c.decided_at && c.state !== 'proposed' && c.state !== 'taken_back' && <> {c.state === 'refused' ? 'Refused' : 'Accepted'} by {whose(c.decided_by)}, <Ago at={c.decided_at} />{c.reason && `: ${plain(c.reason).toLowerCase()}`}.</>}
        {c.state === 'taken_back' && c.decided_at && <> Taken back by {whose(c.decided_by)}, <Ago at={c.decided_at} />.</>}
        {c.state === 'written' && ended && <> Written in {count(c.rows ?? 0, 'row')}, <Ago at={ended} />.</>}
        {correctionExplained[c.state] && ` ${correctionExplained[c.state]}`}
      </p>
      {open && <Acts at={at} correction={c} />}
    </li>
  )
}

const tint = (state: Correction['state']) => (state === 'proposed' || state === 'overtaken' ? 'soon' : state === 'refused' || state === 'taken_back' ? 'done' : undefined)

/** Who it was: the person themselves, or somebody by name. */
function useWhose({ detail }: Standing) {
  const { nameOf } = useStaff()
  return (id: string | undefined) => (id === detail.id ? 'the person' : (nameOf(id) ?? 'a program or somebody else'))
}

function Acts({ at, correction: c }: { at: Standing; correction: Correction }) {
  const may = useMay()
  const [refusing, setRefusing] = useState(false)
  const decide = useDecision(at.detail.id, c.id)
  if (!may('decide-correction') || !['proposed', 'accepted', 'refused'].includes(c.state)) return null
  const of = `the correction of ${c.field}`
  const act = (decision: 'accept' | 'reopen' | 'take_back', label: string, quiet = true) => (
    <Button size="compact-xs" variant={quiet ? 'subtle' : 'default'} loading={decide.isPending && decide.variables.decision === decision} disabled={decide.isPending} onClick={() => decide.mutate({ decision })} aria-label={`${label}: ${of}`}>{label}</Button>
  )
  return (
    <div className={classes.acts}>
      {c.state === 'proposed' && act('accept', 'Accept', false)}
      {c.state === 'proposed' && <Button size="compact-xs" variant="default" onClick={() => setRefusing(true)} aria-label={`Refuse: ${of}`}>Refuse…</Button>}
      {c.state !== 'proposed' && act('reopen', 'Open it again')}
      {act('take_back', 'Take it back')}
      {decide.error && <Failure error={decide.error} />}
      {refusing && <RefuseCorrection at={at} correction={c} onClose={() => setRefusing(false)} />}
    </div>
  )
}
