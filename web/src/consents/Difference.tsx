import { diffWordsWithSpace } from 'diff'

import classes from './consents.module.css'

/** What was taken out of a text, and what came in: told by a line through it or under it, and to a screen reader in words. */
export function Difference({ before, after, language }: { before: string; after: string; language: string }) {
  const parts = diffWordsWithSpace(before, after)
  if (!parts.some((p) => p.added || p.removed)) return <p className={classes.note}>The same words as before.</p>
  return (
    <div className={classes.difference} lang={language}>
      {parts.map((p, i) => p.added ? <ins key={i}><span className="visually-hidden" lang="en">Added: </span>{p.value}</ins> : p.removed ? <del key={i}><span className="visually-hidden" lang="en">Taken out: </span>{p.value}</del> : <span key={i}>{p.value}</span>)}
    </div>
  )
}
