import { Link } from '@tanstack/react-router'

import classes from './table.module.css'

// The page before a page is known to whoever came from there; a page that was opened by its address leads to the first.
const before = new Map<string, string | undefined>()

interface Props {
  next?: string
  cursor?: string
  compact?: boolean
  /** One page back, to the first page, one page on. */
  words?: [back: string, first: string, on: string]
}

/** Turns the pages of the list. The cursor stands in the address, so that a page can be opened again. */
export function Pages({ next, cursor, compact, words = ['Newer', 'Newest', 'Older'] }: Props) {
  if (!next && !cursor) return null
  return (
    <nav className={classes.pages} aria-label="Pages" data-compact={compact || undefined}>
      {cursor && <Link to="." search={(old) => ({ ...old, cursor: before.get(cursor) })}>{words[0]}</Link>}
      {cursor && before.get(cursor) && <Link to="." search={(old) => ({ ...old, cursor: undefined })}>{words[1]}</Link>}
      {next && <Link to="." search={(old) => ({ ...old, cursor: next })} onClick={() => before.set(next, cursor)} className={classes.older}>{words[2]}</Link>}
    </nav>
  )
}
