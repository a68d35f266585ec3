import { Link } from '@tanstack/react-router'
import { IconArrowLeft } from '@tabler/icons-react'
import { useEffect, type ReactNode } from 'react'

import classes from './page.module.css'

interface Props {
  title: string
  lead?: ReactNode
  actions?: ReactNode
  children: ReactNode
  narrow?: boolean
  /** Where the list is that this screen was opened from. */
  back?: ReactNode
  /** Beside the title: how the thing stands. */
  mark?: ReactNode
}

/** A screen: its title, what can be done on it, and the rest. Nothing personal may get into the title. */
export function Page({ title, lead, actions, children, narrow, back, mark }: Props) {
  useTitle(title)
  return (
    <div className={classes.page} data-narrow={narrow || undefined}>
      <header className={classes.head}>
        <div className={classes.headMain}>
          {back}
          <div className={classes.titleRow}><h1 className={classes.title}>{title}</h1>{mark}</div>
          {lead && <p className={classes.lead}>{lead}</p>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

/** The way back to the list. */
export function Back({ to, children }: { to: '/systems' | '/rules'; children: string }) {
  return <Link to={to} className={classes.back}><IconArrowLeft size={16} aria-hidden /> {children}</Link>
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = title === 'Docket' ? title : `${title} · Docket`
  }, [title])
}
