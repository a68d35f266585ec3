import type { UseQueryResult } from '@tanstack/react-query'

import type { Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { runStates, surveyStates, workOf } from '../words/cases'
import { count, word } from '../words/words'
import classes from './request.module.css'

const verbs = { answer: 'collected', erasure: 'counted', corrections: 'read', limits: 'collected', decision: 'collected' }

/** How far collecting has come, system by system. */
export function Progress({ answer, right }: { answer: UseQueryResult<Schemas['ProgressView']>; right: string }) {
  if (answer.error) return <Panel title="Systems"><Failure error={answer.error} retry={() => void answer.refetch()} /></Panel>
  const systems = answer.data?.systems ?? []
  if (systems.length === 0) return null
  const round = answer.data?.round ?? 1
  return (
    <Panel title={round > 1 ? `Systems, ${verbs[workOf(right)]} for the ${round}${round === 2 ? 'nd' : round === 3 ? 'rd' : 'th'} time` : 'Systems'}>
      <ul className={classes.systems}>{systems.map((s) => <System key={s.system} run={s} states={right === 'erasure' ? surveyStates : runStates} />)}</ul>
    </Panel>
  )
}

function System({ run, states }: { run: Schemas['SystemRun']; states: Record<string, string> }) {
  const share = run.state === 'done' ? 1 : run.total ? Math.min(1, run.rows / run.total) : 0
  const rows = run.state === 'running' && run.total ? `${run.rows.toLocaleString('en-GB')} of ${count(run.total, 'row')}` : count(run.rows, 'row')
  return (
    <li className={classes.system}>
      <span className={classes.systemName}>{run.name}</span>
      <meter className={classes.meter} min={0} max={1} value={share} data-state={run.state} aria-label={`${run.name}: ${word(states, run.state)}`} />
      <span className={classes.systemState} data-state={run.state}>{word(states, run.state)}</span>
      <span className="dim tabular">{run.state === 'pending' || run.state === 'excluded' ? '' : rows}</span>
      {run.asked && <p className={classes.systemProblem}>Asked of {run.asked}; the answer is not there yet.</p>}
      {run.problem && <p className={classes.systemProblem}>{run.problem}</p>}
    </li>
  )
}
