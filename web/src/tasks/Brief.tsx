import { CorrectionsBrief } from './CorrectionsBrief'
import { InquiryBrief } from './InquiryBrief'
import { DecisionBrief } from './DecisionBrief'
import { LimitBrief } from './LimitBrief'
import { PlanBrief } from './PlanBrief'
import type { Task } from './useClaim'

/** What a decision is about, where a task has more than its form. */
export function Brief({ task }: { task: Task }) {
  switch (task.kind) {
    case 'decision': return <LimitBrief task={task} />
    case 'correction': return <CorrectionsBrief task={task} />
    case 'inquiry': return <InquiryBrief task={task} />
    case 'human_review': return <DecisionBrief task={task} />
    case 'plan_review':
    case 'approval': return <PlanBrief task={task} />
    default: return null
  }
}
