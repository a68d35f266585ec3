import { useState } from 'react'

import classes from './page.module.css'

/** How often a number has changed since it first stood there. */
export function useChanges(value: number): number {
  const [seen, setSeen] = useState({ value, changes: 0 })
  if (seen.value === value) return seen.changes
  setSeen({ value, changes: seen.changes + 1 })
  return seen.changes + 1
}

/** A number that somebody may be looking at: when it changes, it flashes softly, once. */
export function Flash({ value }: { value: number }) {
  return <Flashing value={value} changes={useChanges(value)} />
}

/** The same for a number whose changes are counted further out, because what stands around it comes and goes. */
export function Flashing({ value, changes }: { value: number; changes: number }) {
  return <span key={changes} className={changes > 0 ? classes.flash : undefined}>{value.toLocaleString('en-GB')}</span>
}
