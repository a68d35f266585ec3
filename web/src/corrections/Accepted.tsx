import classes from './corrections.module.css'
import type { Corrections } from './queries'
import { inShort, inState } from './standing'
import { Value } from './Value'

/** The corrections that are written when somebody says so. */
export function Accepted({ read }: { read: Corrections }) {
  const accepted = inState(read, 'accepted')
  return (
    <>
      <p className={classes.sums}>{inShort(read)}</p>
      <ul className={classes.accepted} aria-label="Accepted corrections">
        {accepted.map((c) => (
          <li key={c.id}>
            <span className={classes.rows}>{c.system_name} › <code>{c.collection}.{c.field}</code></span>
            <span><Value text={c.was} as="del" /> → <Value text={c.becomes} as="ins" /></span>
          </li>
        ))}
      </ul>
    </>
  )
}
