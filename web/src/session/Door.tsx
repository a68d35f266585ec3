import type { ReactNode } from 'react'

import { useTitle } from '../page/Page'
import { Mark } from '../shell/Mark'
import classes from './session.module.css'

/** The frame of the screens in front of the door. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title)
  return (
    <main className={classes.door}>
      <div className={classes.card}>
        <Mark />
        <h1 className={classes.title}>{title}</h1>
        {children}
      </div>
    </main>
  )
}
