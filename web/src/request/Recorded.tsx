import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useState } from 'react'

import classes from './request.module.css'

/** Keeps personal data behind a click that is recorded. */
export function Recorded({ button, what, children }: { button: string; what: string; children: () => ReactNode }) {
  const [opened, setOpened] = useState(false)
  if (opened) return <>{children()}</>
  return (
    <div className={classes.recorded}>
      <Button variant="default" size="xs" onClick={() => setOpened(true)}>{button}</Button>
      <span className="dim">{what}</span>
    </div>
  )
}
