import { Link, Outlet } from '@tanstack/react-router'

import { Page } from '../page/Page'
import { useMay } from '../session/session'
import settings from '../settings/settings.module.css'

const parts = [
  { to: '/consents', name: 'Person', needs: 'get-consents' },
  { to: '/consents/purposes', name: 'Purposes and texts', needs: 'list-consent-purposes' },
  { to: '/consents/ending', name: 'Ending soon', needs: 'get-consent-forecast' },
  { to: '/consents/sign-ups', name: 'Sign-ups', needs: 'get-consent-funnel' },
  { to: '/consents/imports', name: 'Imports', needs: 'list-consent-imports' },
  { to: '/consents/receivers', name: 'Other systems', needs: 'list-consent-receivers' },
] as const

/** What people have agreed to, and who may be written to. */
export function ConsentsPage() {
  const may = useMay()
  return (
    <Page title="Consents">
      <nav className={settings.parts} aria-label="Consents">
        {parts.filter((p) => may(p.needs)).map((p) => (
          <Link key={p.to} to={p.to} className={settings.part} activeProps={{ 'data-active': true, 'aria-current': 'page' }} activeOptions={{ exact: p.to === '/consents' }}>{p.name}</Link>
        ))}
      </nav>
      <Outlet />
    </Page>
  )
}
