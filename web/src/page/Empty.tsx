import type { ReactNode } from 'react'

import classes from './page.module.css'

/** An empty list says what would fill it, and offers it. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <p className={classes.emptyTitle}>{title}</p>
      {children && <p className={classes.emptyText}>{children}</p>}
      {action}
    </div>
  )
}
