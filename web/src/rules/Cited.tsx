import { Tooltip } from '@mantine/core'

import classes from './rules.module.css'

const marks: Record<string, string> = {
  verified: 'Read in the source itself',
  secondary: 'Read in a law-firm note, a tracker or the like; not in the source',
  knowledge: 'Not read again; have counsel confirm it',
}

/** A citation with how well it is known. */
export function Cited({ citation }: { citation: { text: string; mark: string } }) {
  return (
    <span className={classes.cited}>
      {citation.text}{' '}
      <Tooltip label={marks[citation.mark] ?? citation.mark}>
        <span tabIndex={0} className={classes.mark} data-mark={citation.mark}>{citation.mark}</span>
      </Tooltip>
    </span>
  )
}
