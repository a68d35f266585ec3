import { Link } from '@tanstack/react-router'

import type { Schemas } from '../api/client'
import { filterOf } from '../requests/filter'
import { outcomes } from '../words/cases'
import { word } from '../words/words'
import classes from './reports.module.css'

/** A figure that leads to the list that it counts; of several lists each is named. */
export function Figure({ of, name }: { of: Schemas['Counted']; name: string }) {
  const filters = of.filters ?? []
  const number = of.count.toLocaleString('en-GB')
  if (of.count === 0 || filters.length === 0) return <span className="dim">{number}</span>
  if (filters.length === 1) return <Link to="/requests" search={filterOf(filters[0] ?? '')} aria-label={`${name}: ${number}`}>{number}</Link>
  return (
    <>
      {number}
      <span className={classes.lists}>{filters.map((f, i) => <Link key={f} to="/requests" search={filterOf(f)}>{listName(f, i)}</Link>)}</span>
    </>
  )
}

function listName(query: string, i: number): string {
  const { outcome, right } = filterOf(query)
  return [right, outcome && word(outcomes, outcome)].filter(Boolean).join(', ').toLowerCase() || `list ${i + 1}`
}

/** Days from receipt to answer, of so many answers. */
export const days = (n: number, answers: number) => (answers === 0 ? '' : n.toLocaleString('en-GB', { maximumFractionDigits: 1 }))

export const share = (part: number, of: number) => (of === 0 ? '' : `${((100 * part) / of).toLocaleString('en-GB', { maximumFractionDigits: 1 })} %`)
