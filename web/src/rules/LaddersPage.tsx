import { useQuery } from '@tanstack/react-query'

import { api, held, items, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import { Panel } from '../page/Panel'
import { Tag } from '../page/Tag'
import { Waiting } from '../page/Waiting'
import { lengthInWords } from '../time/moment'
import { roles } from '../words/cases'
import { word } from '../words/words'
import classes from './rules.module.css'
import { RulesNav } from './RulesNav'

const hour = 60 * 60_000
const people: Record<string, string> = { ...roles, assignee: 'Whoever it is assigned to' }

/** Who is told when, before something is due and after. */
export function LaddersPage() {
  const answer = useQuery({ queryKey: ['ladders'], queryFn: () => held(api.GET('/v1/ladders')), staleTime: 5 * 60_000 })
  return (
    <Page title="Rules" lead="Who is told when something comes near its date, and who when it has passed." narrow>
      <RulesNav />
      {answer.isPending && <Waiting lines={10} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {items(answer.data).map((l) => <Ladder key={l.id} ladder={l} />)}
    </Page>
  )
}

function Ladder({ ladder: l }: { ladder: Schemas['LadderView'] }) {
  const reminders = (l.reminders_hours_before_safe ?? []).slice().sort((a, b) => b - a)
  return (
    <Panel title={`${l.name} (${l.id})`} actions={l.own && <Tag>used for your requests</Tag>}>
      <ol className={classes.ladder}>
        {reminders.map((h) => <li key={`r${h}`}><span>{lengthInWords(h * hour)} before the cautious date</span><span>a reminder</span></li>)}
        {(l.steps ?? []).map((s) => (
          <li key={`s${s.hours_after_due}`}>
            <span>{s.hours_after_due < 0 ? `${lengthInWords(s.hours_after_due * hour)} before it is due` : s.hours_after_due < 1 ? 'as soon as the date has passed' : `${lengthInWords(s.hours_after_due * hour)} overdue`}</span>
            <span>{(s.roles ?? []).map((r) => word(people, r)).join(', ')}</span>
          </li>
        ))}
        <li><span>then every {l.repeat_hours === 24 ? 'day' : lengthInWords(l.repeat_hours * hour)}</span><span>the last step again, until somebody takes it over</span></li>
      </ol>
    </Panel>
  )
}
