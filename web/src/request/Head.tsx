import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { IconArrowLeft } from '@tabler/icons-react'
import { useState } from 'react'

import { nextOfAppeals } from '../appeals/next'
import { nextOfCorrections } from '../corrections/next'
import { notConfirming, prepared, unconfirmed } from '../erasure/plan'
import type { Erasure } from '../erasure/queries'
import { nextOfDecisions } from '../decisions/next'
import { nextOfLimits } from '../limits/next'
import { Tag } from '../page/Tag'
import { standing } from '../requests/RequestTable'
import { useMay } from '../session/session'
import { Due } from '../time/Due'
import { Day } from '../time/Moment'
import { nextIn, outcomes, pauses, rights, workOf } from '../words/cases'
import { count, plain, word } from '../words/words'
import { failedIn, type Standing } from './commands/allowed'
import type { Command } from './commands/catalogue'
import { CommandDialog } from './commands/CommandDialog'
import { CommandMenu } from './commands/CommandMenu'
import { primaryOf } from './commands/primary'
import { openPauses } from './commands/rules'
import classes from './request.module.css'

/** What is asked, how it stands, by when, and the one thing to do next. */
export function Head({ at }: { at: Standing }) {
  const may = useMay()
  const [command, setCommand] = useState<Command>()
  const { detail } = at
  const primary = primaryOf(at, may)
  const first = at.owed.filter((o) => ['open', 'paused', 'overdue'].includes(o.state)).sort((a, b) => a.due.localeCompare(b.due))[0]
  return (
    <header className={classes.head}>
      <Link to="/requests" search={true} className={classes.back}><IconArrowLeft size={16} aria-hidden /> Requests</Link>
      <div className={classes.headRow}>
        <div className={classes.headMain}>
          <h1 className={classes.title}>
            <span className="reference">{detail.reference}</span>
            <Tag risk={detail.state === 'closed' ? 'done' : undefined}>{standing(detail)}</Tag>
          </h1>
          <p className={classes.what}>{word(rights, detail.right)} under {at.regime?.name ?? detail.regime}</p>
          {first ? <Due due={first.due} earliestSafe={first.earliest_safe} state={first.state} large /> : detail.next_due && <Due due={detail.next_due} large />}
        </div>
        <div className={classes.doing}>
          {primary && <Button onClick={() => setCommand(primary)}>{primary.label}</Button>}
          <CommandMenu at={at} primary={primary} choose={setCommand} />
        </div>
      </div>
      <p className={classes.next}>{nextOfAppeals(at) ?? nextOfLimits(at) ?? nextOfCorrections(at) ?? nextOfDecisions(at) ?? nextOf(at)} {at.erasure && ['reviewing', 'approving', 'scheduled'].includes(detail.state) && <Link to="/requests/$id/plan" params={{ id: detail.id }}>Open the plan by itself</Link>}</p>
      {openPauses(detail).map((p) => (
        <p key={p.kind} className={classes.waits}>The clock is paused since <Day at={p.from} />: it runs again when {word(pauses, p.kind)} is here.</p>
      ))}
      {command && <CommandDialog command={command} at={at} onClose={() => setCommand(undefined)} />}
    </header>
  )
}

/** How it ended, and what is left to do all the same: whoever was given the data hears of what was done (Art. 19 GDPR). */
function endOf({ detail, erasure, recipients }: Standing): string {
  const toTell = (recipients ?? []).filter((r) => r.state === 'to_tell').length
  const left = toTell > 0 && `${count(toTell, 'recipient')} of the data ${toTell === 1 ? 'is' : 'are'} still to be told of the ${workOf(detail.right) === 'corrections' ? 'corrections' : rightName(detail.right)}.`
  if (detail.reason_code === 'kept_under_exception' && erasure) return [exceptionsTo(erasure), left || (unconfirmed(erasure).length === 0 && 'Nothing is left to do.')].filter(Boolean).join(' ')
  const why = detail.reason_code ? `: ${plain(detail.reason_code).toLowerCase()}` : ''
  return `${word(outcomes, detail.outcome ?? 'closed')}${why}. ${left || 'Nothing is left to do unless it is reopened.'}`
}

/** What an erasure left as it was: what is kept, and what somebody else has and does not say to have erased. */
function exceptionsTo(e: Erasure): string {
  const silent = unconfirmed(e)
  const kept = e.totals.rows.kept > 0 || silent.length === 0
  const later = e.deferred && !e.deferred.done
  return [
    kept && `Fulfilled, but for what is kept.${later ? ' That is looked at again by itself, and erased when its time is over.' : ''}`,
    silent.length > 0 && `${kept ? 'There' : 'Fulfilled, but there'} is no word of ${notConfirming(e)} that all is erased there. What is said stands under “Asked of others”.`,
  ].filter(Boolean).join(' ')
}

const rightName = (right: string) => word(rights, right).toLowerCase()

function nextOf(at: Standing): string {
  const { detail, systems, erasure, me } = at
  if (detail.state === 'closed') return endOf(at)
  if (detail.state === 'reviewing' && detail.reason_code === 'package_not_built') return 'The package could not be built as it was reviewed. A note says why: mend that, then approve again.'
  if (detail.state === 'collecting' && systems.some((s) => s.state === 'failed')) return detail.right === 'erasure' ? 'A system could not be counted. Try it again, or leave it to a person.' : 'A system could not be read. Read it again, or leave it out of the answer.'
  if (detail.state === 'executing' && failedIn(at).length > 0) return 'A system could not be erased in. Try it again, or do it by hand and say so; the others go on.'
  if (detail.state === 'reviewing' && detail.right === 'erasure' && detail.reason_code === 'rows_left') return 'Reading back found rows that should have been erased. This is a new plan of what is left; a note says how many.'
  if (detail.state === 'approving' && erasure && prepared(erasure, me)) return 'You prepared this plan. Somebody else reads it, and approves it or sends it back.'
  return nextIn(detail.right, detail.state)
}
