import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { items } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import { Pages } from '../page/Pages'
import rows from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { useStaff } from '../requests/staff'
import { useSession } from '../session/session'
import { Due } from '../time/Due'
import { Ago } from '../time/Moment'
import { roles, tasks as names } from '../words/cases'
import { word } from '../words/words'
import type { Task } from './useClaim'
import { taskKinds } from './filter'
import { useAboutOf } from './about'
import { tasksQuery, type TaskFilter } from './queries'
import { TaskPanel } from './TaskPanel'
import classes from './tasks.module.css'

const route = getRouteApi('/inside/tasks')

/** What is to be done by people. */
export function TasksPage() {
  const filter = route.useSearch()
  const answer = useQuery(tasksQuery(filter))
  const tasks = answer.data && items(answer.data)
  const [opened, setOpened] = useState<Task>()
  const now = opened && (tasks?.find((t) => t.id === opened.id) ?? opened)
  const narrowed = Object.keys(filter).some((k) => k !== 'order' && k !== 'cursor')
  const due = filter.order === 'due'
  return (
    <Page title="Tasks" lead={`What waits for a person, ${due ? 'of what is due soonest first' : 'oldest first'}.`}>
      <Filters filter={filter} />
      {answer.isPending && <Waiting lines={10} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {tasks?.length === 0 && (narrowed
        ? <Empty title="No such task waits" action={<Link to="/tasks" search={{}}>Show all tasks</Link>} />
        : <Empty title="No task waits">When a request needs somebody, to review, to check an identity, to read a message or to mend a system, it stands here.</Empty>)}
      <div className={now ? classes.beside : undefined}>
        {tasks && tasks.length > 0 && <TaskTable tasks={tasks} opened={now?.id} open={setOpened} stale={answer.isPlaceholderData} />}
        {now && <TaskPanel key={now.id} task={now} gone={!tasks?.some((t) => t.id === now.id)} onClose={() => setOpened(undefined)} />}
      </div>
      {answer.data && <Pages next={answer.data.next_cursor} cursor={filter.cursor} words={due ? ['Sooner', 'Soonest', 'Later'] : ['Older', 'Oldest', 'Newer']} />}
    </Page>
  )
}

function Filters({ filter }: { filter: TaskFilter }) {
  const navigate = useNavigate()
  const { staff_id: me } = useSession()
  const narrow = (by: Partial<Record<keyof TaskFilter, string | null>>) => {
    const next = Object.fromEntries(Object.entries({ ...filter, ...by, cursor: undefined }).filter(([, v]) => v))
    void navigate({ to: '/tasks', search: next, replace: true, resetScroll: false })
  }
  const claims = [{ value: '', label: 'Anybody’s' }, ...(me ? [{ value: 'me', label: 'Taken on by me' }] : []), { value: 'nobody', label: 'Nobody’s yet' }]
  return (
    <div className={rows.filters} role="group" aria-label="Filter">
      <Select aria-label="Kind of task" size="xs" value={filter.kind ?? ''} data={[{ value: '', label: 'Any kind' }, ...taskKinds.map((k) => ({ value: k, label: word(names, k) }))]} onChange={(v) => narrow({ kind: v })} />
      <Select aria-label="For which role" size="xs" value={filter.role ?? ''} data={[{ value: '', label: 'For any role' }, ...Object.entries(roles).map(([value, label]) => ({ value, label }))]} onChange={(v) => narrow({ role: v })} />
      <Select aria-label="Taken on by" size="xs" value={filter.claimed ?? ''} data={claims} onChange={(v) => narrow({ claimed: v })} />
      <Select aria-label="Order" size="xs" value={filter.order === 'due' ? 'due' : ''} data={[{ value: '', label: 'Oldest first' }, { value: 'due', label: 'Due soonest first' }]} onChange={(v) => narrow({ order: v })} />
      {Object.keys(filter).some((k) => k !== 'cursor') && <Button variant="subtle" size="xs" onClick={() => void navigate({ to: '/tasks', search: {}, replace: true })}>Clear</Button>}
    </div>
  )
}

interface TableProps {
  tasks: Task[]
  opened?: string
  open: (task: Task) => void
  stale: boolean
}

function TaskTable({ tasks, opened, open, stale }: TableProps) {
  const { nameOf } = useStaff()
  const { staff_id: me } = useSession()
  const aboutOf = useAboutOf()
  const holder = (t: Task) => (t.claimed_by === me && me ? 'you' : nameOf(t.claimed_by) ?? (t.claimed_by ? 'somebody' : undefined))
  return (
    <div className={rows.tableFrame} data-stale={stale || undefined}>
      <table className={rows.table}>
        <thead>
          <tr><th scope="col">Task</th><th scope="col">Request</th><th scope="col">Next due</th><th scope="col">For</th><th scope="col">Taken on by</th><th scope="col">Waits since</th></tr>
        </thead>
        <tbody>
          {tasks.map((t) => (
            <tr key={t.id} className={`${rows.row ?? ''} ${t.id === opened ? (classes.opened ?? '') : ''}`} onClick={(e) => { if (!(e.target as HTMLElement).closest('a, button')) open(t) }}>
              <td data-cell="task"><button type="button" className={classes.open} data-row aria-expanded={t.id === opened} onClick={() => open(t)}>{word(names, t.kind)}</button>{aboutOf(t) && <div className="dim">{aboutOf(t)}</div>}</td>
              <td data-cell="right"><Link to="/requests/$id" params={{ id: t.request_id }} className="reference">{t.reference}</Link></td>
              <td data-cell="due"><Due due={t.next_due} /></td>
              <td data-cell="law" className="dim">{word(roles, t.role)}</td>
              <td data-cell="assignee" className={rows.name}>{holder(t) ?? <span className="dim">nobody</span>}</td>
              <td data-cell="received" className="dim"><Ago at={t.created_at} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
