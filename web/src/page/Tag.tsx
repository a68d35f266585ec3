import type { ReactNode } from 'react'

import type { Risk } from '../time/risk'
import classes from './page.module.css'

/** A state in a word. Its colour says risk and nothing else. */
export function Tag({ children, risk }: { children: ReactNode; risk?: Risk }) {
  return <span className={classes.tag} data-risk={risk}>{children}</span>
}
