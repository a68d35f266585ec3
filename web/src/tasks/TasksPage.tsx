import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'

import { items, type Schemas } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import { Waiting } from '../page/Waiting'
import { Pages } from '../page/Pages'
import rows from '../page/table.module.css'
import { useStaff } from '../requests/staff'
import { Due } from '../time/Due'
import { Ago } from '../time/Moment'
import { roles, tasks as names } from '../words/cases'
import { word } from '../words/words'
import { taskKinds } from './filter'
import { tasksQuery } from './queries'

const route = getRouteApi('/inside/tasks')

/** What is to be done by people, oldest first. */
export function TasksPage() {
  const filter = route.useSearch()
  const navigate = useNavigate()
  const answer = useQuery(tasksQuery(filter))
  const tasks = answer.data && items(answer.data)
  return (
    <Page title="Tasks" lead="What waits for a person, oldest first. A task is answered on the page of its request.">
      <div className={rows.filters} role="group" aria-label="Filter">
        <Select aria-label="Kind of task" size="xs" w={240} value={filter.kind ?? ''} data={[{ value: '', label: 'Any kind' }, ...taskKinds.map((k) => ({ value: k, label: word(names, k) }))]}
          onChange={(v) => void navigate({ to: '/tasks', search: v ? { kind: v as 'review' } : {}, replace: true })} />
      </div>
      {answer.isPending && <Waiting lines={10} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {tasks?.length === 0 && (filter.kind
        ? <Empty title="No task of this kind waits" action={<Link to="/tasks" search={{}}>Show all tasks</Link>} />
        : <Empty title="No task waits">When a request needs somebody, to review, to check an identity or to mend a system, it stands here.</Empty>)}
      {tasks && tasks.length > 0 && <TaskTable tasks={tasks} />}
      {answer.data && <Pages next={answer.data.next_cursor} cursor={filter.cursor} words={['Older', 'Oldest', 'Newer']} />}
    </Page>
  )
}

function TaskTable({ tasks }: { tasks: Schemas['TaskView'][] }) {
  const { nameOf } = useStaff()
  const navigate = useNavigate()
  return (
    <table className={rows.table}>
      <thead>
        <tr><th scope="col">Task</th><th scope="col">Request</th><th scope="col">Next due</th><th scope="col">For</th><th scope="col">Assignee</th><th scope="col">Waits since</th></tr>
      </thead>
      <tbody>
        {tasks.map((t) => (
          <tr key={t.id} className={rows.row} onClick={(e) => { if (!(e.target as HTMLElement).closest('a')) void navigate({ to: '/requests/$id', params: { id: t.request_id } }) }}>
            <td data-cell="task">{word(names, t.kind)}</td>
            <td data-cell="right"><Link to="/requests/$id" params={{ id: t.request_id }} className="reference" data-row>{t.reference}</Link></td>
            <td data-cell="due"><Due due={t.next_due} /></td>
            <td data-cell="law" className="dim">{word(roles, t.role)}</td>
            <td data-cell="assignee" className={rows.name}>{nameOf(t.assignee_id) ?? <span className="dim">nobody</span>}</td>
            <td data-cell="received" className="dim"><Ago at={t.created_at} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
