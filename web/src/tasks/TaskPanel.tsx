import { CloseButton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'

import { Panel } from '../page/Panel'
import { useMay } from '../session/session'
import { Due } from '../time/Due'
import { tasks as names } from '../words/cases'
import { word } from '../words/words'
import { Claim } from './Claim'
import { useAboutOf } from './about'
import type { Task } from './useClaim'
import { TaskForm } from './TaskForm'
import classes from './tasks.module.css'

interface Props {
  task: Task
  /** It stands in the list no longer. */
  gone: boolean
  onClose: () => void
}

/** A task beside the queue: taking it on, and deciding. The whole request is one click away. */
export function TaskPanel({ task, gone, onClose }: Props) {
  const may = useMay()
  const about = useAboutOf()(task)
  const [done, setDone] = useState(false)
  const panel = useRef<HTMLElement>(null)
  // Where there is no room beside the queue it opens above it, perhaps far above the row.
  useEffect(() => { if (window.matchMedia('(max-width: 1100px)').matches) panel.current?.scrollIntoView({ block: 'start' }) }, [])
  return (
    <aside ref={panel} className={classes.panel} aria-label="The task">
      <Panel title={word(names, task.kind)} actions={<CloseButton size="sm" onClick={onClose} aria-label="Close the task" />}>
        <p><Link to="/requests/$id" params={{ id: task.request_id }} className="reference">{task.reference}</Link> <Due due={task.next_due} /></p>
        {about && <p>About: {about}</p>}
        {done && <p role="status">Decided. The request goes on by itself.</p>}
        {!done && gone && <p role="status">It stands in this list no longer: somebody has decided, or the filter does not fit it now. What you typed is kept here.</p>}
        {!done && <Claim task={task} />}
        {!done && !may('complete-task') && <p className="dim">Your role decides nothing here.</p>}
        {!done && may('complete-task') && <TaskForm task={task} onDone={() => setDone(true)} />}
      </Panel>
    </aside>
  )
}
