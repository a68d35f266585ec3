import { Link, Outlet } from '@tanstack/react-router'

import { Page } from '../page/Page'
import { useMay } from '../session/session'
import classes from './settings.module.css'

const parts = [
  { to: '/settings', name: 'Tenant', needs: 'get-tenant' },
  { to: '/settings/retention', name: 'Retention', needs: 'list-retention-rules' },
  { to: '/settings/people', name: 'People', needs: 'list-staff' },
  { to: '/settings/keys', name: 'API keys', needs: 'list-api-keys' },
  { to: '/settings/webhooks', name: 'Webhooks', needs: 'list-webhooks' },
  { to: '/settings/requesters', name: 'Requesters', needs: 'list-requesters' },
  { to: '/settings/sign-on', name: 'Single sign-on', needs: 'get-single-sign-on' },
  { to: '/settings/installation', name: 'Installation', needs: 'get-installation' },
] as const

export function SettingsPage() {
  const may = useMay()
  return (
    <Page title="Settings">
      <nav className={classes.parts} aria-label="Settings">
        {parts.filter((p) => may(p.needs)).map((p) => (
          <Link key={p.to} to={p.to} className={classes.part} activeProps={{ 'data-active': true, 'aria-current': 'page' }} activeOptions={{ exact: true }}>{p.name}</Link>
        ))}
      </nav>
      <Outlet />
    </Page>
  )
}
