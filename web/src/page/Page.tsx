import { useEffect, type ReactNode } from 'react'

import classes from './page.module.css'

interface Props {
  title: string
  lead?: ReactNode
  actions?: ReactNode
  children: ReactNode
  narrow?: boolean
}

/** A screen: its title, what can be done on it, and the rest. Nothing personal may get into the title. */
export function Page({ title, lead, actions, children, narrow }: Props) {
  useTitle(title)
  return (
    <div className={classes.page} data-narrow={narrow || undefined}>
      <header className={classes.head}>
        <div>
          <h1 className={classes.title}>{title}</h1>
          {lead && <p className={classes.lead}>{lead}</p>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = title === 'Docket' ? title : `${title} · Docket`
  }, [title])
}
