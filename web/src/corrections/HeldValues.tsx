import { Button } from '@mantine/core'
import { useState } from 'react'

import { count } from '../words/words'
import classes from './corrections.module.css'
import { Propose } from './Propose'
import type { Corrections, Field } from './queries'
import { standingOn } from './standing'
import { Value } from './Value'

/** As many values of a field as are shown at first. */
const few = 5

interface Props {
  request: string
  read: Corrections
  system: string
  systemName: string
  field: Field
  /** Corrections can be proposed. */
  open: boolean
}

/** What the person's rows say in a field, each value with its rows and the way to correct it. */
export function HeldValues({ request, read, system, systemName, field, open }: Props) {
  const [all, setAll] = useState(false)
  const [correcting, setCorrecting] = useState<string | null>()
  const present = field.present ?? []
  const shown = all ? present : present.slice(0, few)
  return (
    <>
      <ul className={classes.values}>
        {shown.map((p, i) => {
          const standing = standingOn(read, system, field, p.value)
          return (
            <li key={p.value === null ? 'none' : `is ${p.value}`} className={classes.present}>
              <span className={classes.said}><Value text={p.value} /> <span className={classes.rows}>in {count(p.rows, 'row')}</span></span>
              {standing && <span className={classes.rows}>{standing.state === 'accepted' ? 'Correction accepted' : 'Correction proposed'}</span>}
              {open && !standing && <Button className={classes.correct} size="compact-xs" variant="subtle" fw={400} onClick={() => setCorrecting(p.value)} aria-label={present.length === 1 ? `Correct ${field.field}` : `Correct ${field.field}, value ${i + 1} of ${present.length}`}>Correct…</Button>}
            </li>
          )
        })}
      </ul>
      {present.length > few && <Button size="compact-xs" variant="subtle" aria-expanded={all} onClick={() => setAll(!all)}>{all ? 'Show fewer' : `Show all ${present.length} values`}</Button>}
      {field.more && <p className={classes.hint}>There are others, or such as are too long to be listed here: those are corrected in the system.</p>}
      {correcting !== undefined && <Propose request={request} system={system} systemName={systemName} field={field} was={correcting} onClose={() => setCorrecting(undefined)} />}
    </>
  )
}
