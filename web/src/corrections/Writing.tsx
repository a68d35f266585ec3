import type { Schemas } from '../api/client'
import { Panel } from '../page/Panel'
import { Ago } from '../time/Moment'
import { writingStates } from '../words/corrections'
import { count, word } from '../words/words'
import classes from './corrections.module.css'

type Mark = Schemas['MarkView']

/** How far corrections and statements are written, system by system. It says nothing of what they say. */
export function Writing({ marks }: { marks: Mark[] }) {
  const newest = marks.filter((m) => m.purpose === 'correct' || m.purpose === 'statement').sort((a, b) => b.created_at.localeCompare(a.created_at))
  if (newest.length === 0) return null
  return (
    <Panel title="Written in the systems">
      <ul className={classes.list}>{newest.map((m) => <One key={`${m.system}${m.created_at}${m.purpose}`} mark={m} />)}</ul>
    </Panel>
  )
}

function One({ mark: m }: { mark: Mark }) {
  return (
    <li className={classes.written} aria-label={m.system_name}>
      <div className={classes.head}>
        <strong>{m.system_name}</strong>
        {m.purpose === 'statement' && <span className="dim">the statement</span>}
        <span className={classes.state} data-state={m.state}>{word(writingStates, m.state)}</span>
        <span className="dim tabular">{m.state === 'done' && `${m.changed > 0 ? `${count(m.changed, 'row')} changed` : 'nothing had to be changed'}, `}{m.ended_at && <Ago at={m.ended_at} />}</span>
      </div>
      {m.problem && m.state === 'failed' && <p className={classes.why}>{m.problem}</p>}
    </li>
  )
}
