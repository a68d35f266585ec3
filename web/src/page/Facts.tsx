import type { ReactNode } from 'react'

import classes from './page.module.css'

/** Names and values, aligned; wide gives long names room. */
export function Facts({ facts, wide }: { facts: [name: string, value: ReactNode][]; wide?: boolean }) {
  return (
    <dl className={classes.facts} data-wide={wide || undefined}>
      {facts.filter(([, value]) => value !== undefined && value !== '' && value !== null).map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
