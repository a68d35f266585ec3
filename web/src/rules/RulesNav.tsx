import { Link } from '@tanstack/react-router'

import { useMay } from '../session/session'
import classes from '../settings/settings.module.css'

const parts = [
  { to: '/rules', name: 'Laws', needs: 'list-policies' },
  { to: '/rules/calendars', name: 'Calendars', needs: 'list-calendars' },
  { to: '/rules/ladders', name: 'Ladders', needs: 'list-ladders' },
  { to: '/rules/letters', name: 'Letters', needs: 'list-letters' },
] as const

/** The parts of what Docket goes by. */
export function RulesNav() {
  const may = useMay()
  return (
    <nav className={classes.parts} aria-label="Rules">
      {parts.filter((p) => may(p.needs)).map((p) => (
        <Link key={p.to} to={p.to} className={classes.part} activeProps={{ 'data-active': true, 'aria-current': 'page' }} activeOptions={{ exact: true, includeSearch: false }}>{p.name}</Link>
      ))}
    </nav>
  )
}
