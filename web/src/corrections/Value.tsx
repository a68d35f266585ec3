import { useState } from 'react'

import classes from './corrections.module.css'

/** As many characters as are shown of a long value until all of it is asked for. */
const glance = 240

/** What rows say in a field, letter for letter. */
export function Value({ text, as: Tag = 'span' }: { text: string | null | undefined; as?: 'span' | 'del' | 'ins' }) {
  const [whole, setWhole] = useState(false)
  if (text === null || text === undefined) return <em className={classes.none}>no value</em>
  if (text === '') return <em className={classes.none}>an empty text</em>
  const long = text.length > glance
  return (
    <span className={classes.value}>
      <Tag className={classes.text}>{long && !whole ? `${text.slice(0, glance)}…` : text}</Tag>
      {long && <button type="button" className={classes.whole} aria-expanded={whole} onClick={() => setWhole(!whole)}>{whole ? 'Show less' : `Show all ${text.length.toLocaleString('en-GB')} characters`}</button>}
    </span>
  )
}
