import { useId, type ReactNode } from 'react'

import classes from './page.module.css'

/** A part of a screen under its own heading. */
export function Panel({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <div className={classes.panelHead}>
        <h2 id={id} className={classes.panelTitle}>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  )
}
