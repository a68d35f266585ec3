import { Link } from '@tanstack/react-router'

import { Panel } from '../page/Panel'
import { useMay } from '../session/session'
import { Day } from '../time/Moment'
import { erasingStates, erasureAnswers } from '../words/erasures'
import { count, word } from '../words/words'
import type { Schemas } from '../api/client'
import classes from './erasure.module.css'
import { addressOf, notConfirming, touches, unconfirmed, unsettled } from './plan'
import type { Erasure } from './queries'

type System = Schemas['ErasedSystem']
type Collection = Schemas['ErasedCollection']

const n = (of: number) => of.toLocaleString('en-GB')

/** An erasure on its way, system by system and collection by collection; afterwards what was done and read back, and when the rest goes. */
export function Run({ id, erasure: e }: { id: string; erasure: Erasure }) {
  const may = useMay()
  const systems = e.systems ?? []
  if (systems.length === 0) return null
  const all = systems.flatMap((s) => s.collections ?? [])
  return (
    <Panel title={e.state === 'done' ? 'What was erased' : 'Erasing'}>
      {e.state === 'done' && e.ended_at && <p className={classes.standing}>Carried out on <Day at={e.ended_at} />{all.length > 0 ? `: ${doneIn(all)}. ${foundAfter(all)}` : '.'}</p>}
      {e.state === 'done' && unconfirmed(e).length > 0 && <p className={classes.standing}>The request went on without a word of {notConfirming(e)} that all is erased there; the person’s letter says so.</p>}
      {e.deferred && <p className={classes.standing}>{e.deferred.done ? 'What was kept is erased too, or is kept no more.' : <>What is kept is looked at again by itself, and what no rule keeps then is erased: the next time on <Day at={e.deferred.due} />.</>}{may('list-deferred-erasures') && <> <Link to="/deferred" search={{ request: id, done: 'yes' }}>{e.deferred.done ? 'What it was' : 'What waits, and what for'}</Link></>}</p>}
      <ul className={classes.runs}>{systems.map((s) => <OneSystem key={s.id} system={s} erasure={e} />)}</ul>
    </Panel>
  )
}

function foundAfter(collections: Collection[]): string {
  const left = collections.reduce((sum, c) => sum + (c.unfinished ?? 0), 0)
  return left === 0 ? 'Reading back found nothing that should be gone.' : `Reading back found ${count(left, 'row')} that should be gone.`
}

function doneIn(collections: Collection[]): string {
  const sum = (of: (c: Collection) => number) => collections.reduce((total, c) => total + of(c), 0)
  const parts = [
    [sum((c) => c.deleted), 'deleted'], [sum((c) => c.masked), 'written over'], [sum((c) => c.trimmed), 'kept and cut to what the rule needs'], [sum((c) => c.parts), 'of others with entries taken out'],
  ].filter(([rows]) => Number(rows) > 0).map(([rows, what], i) => `${i === 0 ? count(Number(rows), 'row') : n(Number(rows))} ${what}`)
  return parts.length > 0 ? parts.join(', ') : 'nothing had to be changed'
}

function OneSystem({ system: s, erasure: e }: { system: System; erasure: Erasure }) {
  const collections = s.collections ?? []
  const lines = (e.plan.systems ?? []).find((p) => p.key === s.key)?.lines ?? []
  const orders = lines.filter(touches).length
  const verified = collections.filter((c) => c.verified_at).length
  return (
    <li className={classes.run}>
      <div className={classes.runHead}>
        <strong>{s.name}</strong>
        <span className={classes.runState} data-state={unsettled(s) ? 'failed' : s.state}>{standingOf(s)}</span>
        {s.state === 'running' && orders > 0 && <span className="dim tabular">{n(verified)} of {count(orders, 'collection')} read back</span>}
        {collections.length > 0 && s.state !== 'running' && <span className="dim">{doneIn(collections)}</span>}
      </div>
      {s.problem && s.state === 'failed' && <p className={classes.runProblem}>{s.problem}</p>}
      {collections.length > 0 && (
        <details open={e.state === 'executing' || undefined}>
          <summary>{count(collections.length, 'collection')}</summary>
          <table className={classes.runTable}>
            <thead><tr><th scope="col">Collection</th><th scope="col">Done</th><th scope="col">Read back</th></tr></thead>
            <tbody>
              {collections.map((c) => (
                <tr key={addressOf(c)}>
                  <td><code>{c.collection}</code></td>
                  <td>{c.done_at ? doneIn([c]) : 'on its way'}</td>
                  <td className="tabular">{readBack(c)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </li>
  )
}

/** Where a system is somebody else's, what counts is what they said. */
function standingOf(s: System): string {
  if (!s.asked || s.state === 'failed' || s.state === 'pending') return word(erasingStates, s.state)
  return `Asked of ${s.asked}: ${word(erasureAnswers, s.answer ?? 'none')}`
}

function readBack(c: Collection): string {
  if (!c.verified_at) return 'not yet'
  const left = c.unfinished ?? 0
  return `${left === 0 ? 'nothing left' : `${count(left, 'row')} left that should be gone`}, ${n(c.kept ?? 0)} kept`
}
