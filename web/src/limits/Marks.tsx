import { useQuery } from '@tanstack/react-query'

import { items, type Schemas } from '../api/client'
import { Panel } from '../page/Panel'
import { useMay } from '../session/session'
import { systemsQuery } from '../systems/queries'
import { Ago } from '../time/Moment'
import { liftedMarkStates, markStates } from '../words/limits'
import { count, word } from '../words/words'
import classes from './limits.module.css'

type Mark = Schemas['MarkView']

/** The systems that mark what may not be done, and those that have to ask. */
export function Marks({ marks }: { marks: Mark[] }) {
  const may = useMay()
  const systems = useQuery({ ...systemsQuery, enabled: may('list-systems') })
  const marked = new Set(marks.map((m) => m.system))
  const asking = items(systems.data).filter((s) => s.state === 'active' && !marked.has(s.key))
  const newest = marks.slice().sort((a, b) => b.created_at.localeCompare(a.created_at))
  return (
    <Panel title="Systems">
      {marks.length === 0 && <p className="dim">No system that is connected marks this.</p>}
      <ul className={classes.limits}>{newest.map((m) => <OneMark key={`${m.system}${m.created_at}${m.purpose}`} mark={m} />)}</ul>
      {asking.length > 0 && (
        <p className={classes.asking}>
          Not marked in {asking.map((s) => s.name).join(', ')}: {asking.length === 1 ? 'it has' : 'they have'} to ask before each use (<code>POST /v1/use-checks</code>). A system is marked where its declaration says how.
        </p>
      )}
    </Panel>
  )
}

function OneMark({ mark: m }: { mark: Mark }) {
  return (
    <li className={classes.limit} aria-label={m.system_name}>
      <div className={classes.head}>
        <strong>{m.system_name}</strong>
        <span className={classes.state} data-state={m.state}>{word(m.purpose === 'lift' ? liftedMarkStates : markStates, m.state)}</span>
        <span className="dim tabular">{rowsOf(m)}{m.ended_at && <>{m.state === 'done' ? ', ' : ''}<Ago at={m.ended_at} /></>}</span>
      </div>
      {m.problem && m.state === 'failed' && <p>{m.problem}</p>}
    </li>
  )
}

function rowsOf(m: Mark): string {
  if (m.state !== 'done') return ''
  if (!m.rows) return 'nothing of the person found'
  return `in ${count(m.rows, 'place')}${m.changed === m.rows ? '' : `, ${m.changed.toLocaleString('en-GB')} changed`}`
}
