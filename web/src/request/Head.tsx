import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { IconArrowLeft } from '@tabler/icons-react'
import { useState } from 'react'

import { Tag } from '../page/Tag'
import { standing } from '../requests/RequestTable'
import { useMay } from '../session/session'
import { Due } from '../time/Due'
import { Day } from '../time/Moment'
import { outcomes, pauses, rights, stateNext } from '../words/cases'
import { plain, word } from '../words/words'
import type { Standing } from './commands/allowed'
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
      <p className={classes.next}>{nextOf(at)}</p>
      {openPauses(detail).map((p) => (
        <p key={p.kind} className={classes.waits}>The clock is paused since <Day at={p.from} />: it runs again when {word(pauses, p.kind)} is here.</p>
      ))}
      {command && <CommandDialog command={command} at={at} onClose={() => setCommand(undefined)} />}
    </header>
  )
}

function nextOf({ detail, systems }: Standing): string {
  if (detail.state === 'closed') {
    const why = detail.reason_code ? `: ${plain(detail.reason_code).toLowerCase()}` : ''
    return `${word(outcomes, detail.outcome ?? 'closed')}${why}. Nothing is left to do unless it is reopened.`
  }
  if (detail.state === 'reviewing' && detail.reason_code === 'package_not_built') return 'The package could not be built as it was reviewed. A note says why: mend that, then approve again.'
  if (detail.state === 'collecting' && systems.some((s) => s.state === 'failed')) return 'A system could not be read. Read it again, or leave it out of the answer.'
  return stateNext[detail.state] ?? ''
}
