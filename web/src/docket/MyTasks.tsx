import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { items } from '../api/client'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Waiting } from '../page/Waiting'
import { useSession } from '../session/session'
import { tasksQuery } from '../tasks/queries'
import { Due } from '../time/Due'
import { tasks as names } from '../words/cases'
import { word } from '../words/words'
import classes from './docket.module.css'

const shown = 8

/** What waits for me, or for anybody. */
export function MyTasks() {
  const { staff_id: me } = useSession()
  const answer = useQuery(tasksQuery({}))
  const all = items(answer.data).filter((t) => !t.assignee_id || t.assignee_id === me)
  const sorted = all.slice().sort((a, b) => Number(b.assignee_id === me && !!me) - Number(a.assignee_id === me && !!me) || (a.next_due ?? '9').localeCompare(b.next_due ?? '9'))
  return (
    <aside className={classes.tasks}>
      <Panel title={me ? 'My tasks, and nobody’s' : 'Tasks of nobody yet'} actions={<Link to="/tasks" className={classes.all}>All tasks</Link>}>
        {answer.isPending && <Waiting lines={5} height={56} />}
        {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
        {answer.data && sorted.length === 0 && <p className="dim">No task waits. Reviews and identity checks come here.</p>}
        <ul className={classes.taskList}>
          {sorted.slice(0, shown).map((t) => (
            <li key={t.id}>
              <Link to="/requests/$id" params={{ id: t.request_id }} className={classes.task} data-row>
                <span>{word(names, t.kind)}</span>
                <span className={classes.taskMore}><span className="reference">{t.reference}</span><Due due={t.next_due} /></span>
              </Link>
            </li>
          ))}
        </ul>
      </Panel>
    </aside>
  )
}
