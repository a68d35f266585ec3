import { Link } from '@tanstack/react-router'

import { SentBrief } from './SentBrief'
import type { Task } from './useClaim'

/** What stands in the place of a form: where the task is decided, or that the reader does not decide it. */
export function Elsewhere({ task }: { task: Task }) {
  if (task.kind === 'sent_document') return <SentBrief task={task} />
  if (task.kind !== 'appeal') return <p className="dim">Your role decides nothing here.</p>
  return <p style={{ margin: 0 }}>The person has gone against the answer. <Link to="/requests/$id" params={{ id: task.request_id }}>Open the request</Link> and decide under <strong>Appeals</strong>; whoever gave the answer can’t.</p>
}
