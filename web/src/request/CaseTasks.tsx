import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'

import { items } from '../api/client'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Waiting } from '../page/Waiting'
import { Claim } from '../tasks/Claim'
import { useAboutOf } from '../tasks/about'
import { SentBrief } from '../tasks/SentBrief'
import type { Task } from '../tasks/useClaim'
import classes from '../tasks/tasks.module.css'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { roles, tasks as names } from '../words/cases'
import { count, plain, word } from '../words/words'
import type { Standing } from './commands/allowed'
import { caseTasksQuery } from './queries'

const TaskForm = lazy(() => import('../tasks/TaskForm').then((m) => ({ default: m.TaskForm })))

/** What waits for a person in this request, and deciding on it. */
export function CaseTasks({ at }: { at: Standing }) {
  const answer = useQuery(caseTasksQuery(at.detail.id))
  const all = items(answer.data)
  const open = all.filter((t) => t.state === 'open')
  const ended = all.filter((t) => t.state !== 'open')
  if (answer.error) return <Panel title="To be done"><Failure error={answer.error} retry={() => void answer.refetch()} /></Panel>
  if (all.length === 0) return null
  return (
    <Panel title="To be done by people">
      {open.map((t) => <Card key={t.id} task={t} of={at} />)}
      {open.length === 0 && <p className="dim">Nothing now.</p>}
      {ended.length > 0 && (
        <details className={classes.answered}>
          <summary>{count(ended.length, 'ended task')}</summary>
          <ul className={classes.files}>{ended.map((t) => <li key={t.id}><span>{word(names, t.kind)}{t.addressee && `: ${t.addressee}`}</span><span>{t.state === 'cancelled' ? 'taken back' : plain(t.result ?? 'done').toLowerCase()}{t.ended_at && <>, <Ago at={t.ended_at} /></>}</span></li>)}</ul>
        </details>
      )}
    </Panel>
  )
}

function Card({ task, of }: { task: Task; of: Standing }) {
  const may = useMay()
  const [deciding, setDeciding] = useState(false)
  const aboutOf = useAboutOf()
  const about = task.addressee ?? (of.systems.find((s) => s.system === task.system_id) ?? of.erasure?.systems?.find((s) => s.id === task.system_id))?.name ?? aboutOf(task)
  const decides = may('complete-task') && (task.decisions ?? []).some((d) => may(d.command))
  return (
    <section className={classes.card} aria-label={about ? `${word(names, task.kind)}: ${about}` : word(names, task.kind)}>
      <div className={classes.cardHead}>
        <span><strong>{word(names, task.kind)}</strong>{about && `: ${about}`} <span className="dim">for {word(roles, task.role).toLowerCase()}, since <Ago at={task.created_at} /></span></span>
        {decides && !deciding && <Button size="xs" variant="default" onClick={() => setDeciding(true)}>Decide</Button>}
        {deciding && <Button size="xs" variant="subtle" onClick={() => setDeciding(false)}>Leave it</Button>}
      </div>
      <Claim task={task} />
      {task.kind === 'sent_document' && <SentBrief task={task} here />}
      {deciding && <Suspense fallback={<Waiting lines={3} />}><TaskForm task={task} onDone={() => setDeciding(false)} /></Suspense>}
    </section>
  )
}
