import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { items } from '../api/client'
import { Failure } from '../page/Failure'
import { Flash } from '../page/Flash'
import { Panel } from '../page/Panel'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { tasksQuery } from '../tasks/queries'
import { Due } from '../time/Due'
import { tasks as names } from '../words/cases'
import { word } from '../words/words'
import classes from './docket.module.css'

/** What I have taken on, and what nobody has. */
export function MyTasks() {
  const may = useMay()
  return (
    <aside className={classes.tasks}>
      {may('claim-task') && <Tasks claimed="me" title="My tasks" none="You have taken on none." />}
      <Tasks claimed="nobody" title="Tasks of nobody yet" none="No task waits. Reviews and identity checks come here." />
    </aside>
  )
}

const shown = 6

function Tasks({ claimed, title, none }: { claimed: 'me' | 'nobody'; title: string; none: string }) {
  const answer = useQuery(tasksQuery({ claimed, order: 'due' }))
  const tasks = items(answer.data)
  const further = !!answer.data?.next_cursor // how many is not known
  return (
    <Panel title={title} actions={<Link to="/tasks" search={{ claimed, order: 'due' }} className={classes.all}>{further ? 'All of them' : tasks.length > shown ? <>All <Flash value={tasks.length} /></> : 'Tasks'}</Link>}>
      {answer.isPending && <Waiting lines={3} height={56} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && tasks.length === 0 && <p className="dim">{none}</p>}
      <ul className={classes.taskList}>
        {tasks.slice(0, shown).map((t) => (
          <li key={t.id}>
            <Link to="/requests/$id" params={{ id: t.request_id }} className={classes.task} data-row>
              <span>{word(names, t.kind)}</span>
              <span className={classes.taskMore}><span className="reference">{t.reference}</span><Due due={t.next_due} /></span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
