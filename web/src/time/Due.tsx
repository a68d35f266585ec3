import { Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconClock, IconPlayerPause } from '@tabler/icons-react'

import { useZone } from '../session/session'
import { pauses } from '../words/cases'
import { word } from '../words/words'
import classes from './Due.module.css'
import { dayOf, dueInWords, exactly } from './moment'
import { useNow } from './now'
import { riskOf, type Risk } from './risk'

interface Props {
  due?: string
  earliestSafe?: string
  state?: string
  large?: boolean
  /** As the server judged it; else it is judged here. */
  risk?: Risk
  /** What a paused clock waits for, and since when. */
  waits?: { kind: string; since: string }
}

/** A due time, the same way everywhere: what is left in words, the exact moment on hover and in print. */
export function Due({ due, earliestSafe, state = 'open', large, risk: told, waits }: Props) {
  const now = useNow()
  const zone = useZone()
  if (!due) return <span className={classes.none}>nothing owed</span>
  const risk = told ?? riskOf(state, due, earliestSafe, now)
  const words = risk === 'paused' ? `paused, ${dueInWords(due, now)}` : dueInWords(due, now)
  const exact = exactly(due, zone)
  const why = waits ? `. Paused since ${dayOf(waits.since, zone)}, until ${word(pauses, waits.kind)} is here` : ''
  const Icon = risk === 'overdue' ? IconAlertTriangle : risk === 'paused' ? IconPlayerPause : IconClock
  return (
    <Tooltip label={exact + why}>
      <time dateTime={due} className={classes.due} data-risk={risk} data-large={large || undefined}>
        <Icon size={large ? 18 : 14} aria-hidden className={classes.icon} data-quiet={risk === 'track' || undefined} />
        {words}
        <span className={classes.exact}> ({exact})</span>
      </time>
    </Tooltip>
  )
}
