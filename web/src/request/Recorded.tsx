import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useState } from 'react'

import { Copied, type Shown } from './Copied'
import classes from './request.module.css'

interface Props {
  /** The request. */
  id: string
  kind: Shown
  button: string
  what: string
  children: () => ReactNode
}

/** Keeps personal data behind a click that is recorded, and records what is copied of it. */
export function Recorded({ id, kind, button, what, children }: Props) {
  const [opened, setOpened] = useState(false)
  if (opened) return <Copied id={id} kind={kind}>{children()}</Copied>
  return (
    <div className={classes.recorded}>
      <Button variant="default" size="xs" onClick={() => setOpened(true)}>{button}</Button>
      <span className="dim">{what}</span>
    </div>
  )
}
