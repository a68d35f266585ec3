import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import type { QueryClient } from '@tanstack/react-query'

import { readAuditFilter } from './audit/filter'
import { readFunnelFilter } from './consents/filter'
import { readDeferredFilter } from './deferred/filter'
import { readBoardFilter } from './docket/filter'
import { readHoldFilter } from './holds/filter'
import { readLimitFilter } from './limits/filter'
import { Broken } from './page/Broken'
import { NotFound } from './page/NotFound'
import { queries } from './queries'
import { readReportFilter } from './reports/filter'
import { readRequestFilter } from './requests/filter'
import { sessionQuery } from './session/session'
import { Shell } from './shell/Shell'
import { readTaskFilter } from './tasks/filter'

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet, notFoundComponent: NotFound })

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery)
    if (!session) throw redirect({ to: '/sign-in', search: { next: location.href }, replace: true })
    if (session.stage !== 'done') throw redirect({ to: '/sign-in', search: { next: location.href }, replace: true })
  },
})

const home = createRoute({
  getParentRoute: () => inside, path: '/', validateSearch: readBoardFilter,
  component: lazyRouteComponent(() => import('./docket/DocketPage'), 'DocketPage'),
})
const requests = createRoute({
  getParentRoute: () => inside, path: '/requests', validateSearch: readRequestFilter,
  component: lazyRouteComponent(() => import('./requests/RequestsPage'), 'RequestsPage'),
})
const request = createRoute({
  getParentRoute: () => requests, path: '$id',
  component: lazyRouteComponent(() => import('./request/RequestPage'), 'RequestPage'),
})

const plan = createRoute({ getParentRoute: () => inside, path: '/requests/$id/plan', component: lazyRouteComponent(() => import('./erasure/PlanPage'), 'PlanPage') })
const holds = createRoute({
  getParentRoute: () => inside, path: '/holds', validateSearch: readHoldFilter,
  component: lazyRouteComponent(() => import('./holds/HoldsPage'), 'HoldsPage'),
})
const deferred = createRoute({
  getParentRoute: () => inside, path: '/deferred', validateSearch: readDeferredFilter,
  component: lazyRouteComponent(() => import('./deferred/DeferredPage'), 'DeferredPage'),
})
const limits = createRoute({
  getParentRoute: () => inside, path: '/limits', validateSearch: readLimitFilter,
  component: lazyRouteComponent(() => import('./limits/LimitsPage'), 'LimitsPage'),
})

const mail = createRoute({ getParentRoute: () => inside, path: '/mail', component: lazyRouteComponent(() => import('./mail/MailPage'), 'MailPage') })

const consents = createRoute({ getParentRoute: () => inside, path: '/consents', component: lazyRouteComponent(() => import('./consents/ConsentsPage'), 'ConsentsPage') })
const consentPerson = createRoute({ getParentRoute: () => consents, path: '/', component: lazyRouteComponent(() => import('./consents/PersonPage'), 'PersonPage') })
const consentPurposes = createRoute({ getParentRoute: () => consents, path: '/purposes', component: lazyRouteComponent(() => import('./consents/PurposesPage'), 'PurposesPage') })
const consentsEnding = createRoute({ getParentRoute: () => consents, path: '/ending', component: lazyRouteComponent(() => import('./consents/EndingPage'), 'EndingPage') })
const consentSignUps = createRoute({
  getParentRoute: () => consents, path: '/sign-ups', validateSearch: readFunnelFilter,
  component: lazyRouteComponent(() => import('./consents/SignUpsPage'), 'SignUpsPage'),
})
const consentImports = createRoute({ getParentRoute: () => consents, path: '/imports', component: lazyRouteComponent(() => import('./consents/ImportsPage'), 'ImportsPage') })
const consentImport = createRoute({ getParentRoute: () => consents, path: '/imports/$id', component: lazyRouteComponent(() => import('./consents/ImportPage'), 'ImportPage') })
const consentReceivers = createRoute({ getParentRoute: () => consents, path: '/receivers', component: lazyRouteComponent(() => import('./consents/ReceiversPage'), 'ReceiversPage') })
const consentReceiver = createRoute({ getParentRoute: () => consents, path: '/receivers/$id', component: lazyRouteComponent(() => import('./consents/ReceiverPage'), 'ReceiverPage') })

const tasks = createRoute({
  getParentRoute: () => inside, path: '/tasks', validateSearch: readTaskFilter,
  component: lazyRouteComponent(() => import('./tasks/TasksPage'), 'TasksPage'),
})

const reports = createRoute({
  getParentRoute: () => inside, path: '/reports', validateSearch: readReportFilter,
  component: lazyRouteComponent(() => import('./reports/ReportsPage'), 'ReportsPage'),
})

const systems = createRoute({ getParentRoute: () => inside, path: '/systems', component: lazyRouteComponent(() => import('./systems/SystemsPage'), 'SystemsPage') })
const system = createRoute({ getParentRoute: () => inside, path: '/systems/$id', component: lazyRouteComponent(() => import('./systems/SystemPage'), 'SystemPage') })
const rules = createRoute({ getParentRoute: () => inside, path: '/rules', component: lazyRouteComponent(() => import('./rules/RulesPage'), 'RulesPage') })
const calendars = createRoute({ getParentRoute: () => inside, path: '/rules/calendars', component: lazyRouteComponent(() => import('./rules/CalendarsPage'), 'CalendarsPage') })
const ladders = createRoute({ getParentRoute: () => inside, path: '/rules/ladders', component: lazyRouteComponent(() => import('./rules/LaddersPage'), 'LaddersPage') })
const letters = createRoute({ getParentRoute: () => inside, path: '/rules/letters', component: lazyRouteComponent(() => import('./rules/LettersPage'), 'LettersPage') })
const rule = createRoute({ getParentRoute: () => inside, path: '/rules/$id', component: lazyRouteComponent(() => import('./rules/RulePage'), 'RulePage') })
const audit = createRoute({
  getParentRoute: () => inside, path: '/audit', validateSearch: readAuditFilter,
  component: lazyRouteComponent(() => import('./audit/AuditPage'), 'AuditPage'),
})
const settings = createRoute({ getParentRoute: () => inside, path: '/settings', component: lazyRouteComponent(() => import('./settings/SettingsPage'), 'SettingsPage') })
const tenant = createRoute({ getParentRoute: () => settings, path: '/', component: lazyRouteComponent(() => import('./settings/TenantSettings'), 'TenantSettings') })
const retention = createRoute({ getParentRoute: () => settings, path: '/retention', component: lazyRouteComponent(() => import('./settings/Retention'), 'Retention') })
const people = createRoute({ getParentRoute: () => settings, path: '/people', component: lazyRouteComponent(() => import('./settings/People'), 'People') })
const keys = createRoute({ getParentRoute: () => settings, path: '/keys', component: lazyRouteComponent(() => import('./settings/Keys'), 'Keys') })
const webhooks = createRoute({ getParentRoute: () => settings, path: '/webhooks', component: lazyRouteComponent(() => import('./settings/Webhooks'), 'Webhooks') })
const requesters = createRoute({ getParentRoute: () => settings, path: '/requesters', component: lazyRouteComponent(() => import('./settings/Requesters'), 'Requesters') })
const signOn = createRoute({ getParentRoute: () => settings, path: '/sign-on', component: lazyRouteComponent(() => import('./settings/SingleSignOn'), 'SingleSignOn') })
const installation = createRoute({ getParentRoute: () => settings, path: '/installation', component: lazyRouteComponent(() => import('./settings/Installation'), 'Installation') })
const tenants = createRoute({ getParentRoute: () => inside, path: '/tenants', component: lazyRouteComponent(() => import('./tenants/TenantsPage'), 'TenantsPage') })
const account = createRoute({ getParentRoute: () => inside, path: '/account', component: lazyRouteComponent(() => import('./account/AccountPage'), 'AccountPage') })

const nowhere = createRoute({ getParentRoute: () => inside, path: '$', component: NotFound })

function readNext(search: Record<string, unknown>): { next?: string; problem?: string; ended?: 'yes' } {
  return {
    ...(typeof search.next === 'string' && search.next.startsWith('/') && !search.next.startsWith('//') ? { next: search.next } : {}),
    ...(typeof search.problem === 'string' ? { problem: search.problem } : {}),
    ...(search.ended === 'yes' ? { ended: 'yes' as const } : {}),
  }
}

const signIn = createRoute({
  getParentRoute: () => root, path: '/sign-in', validateSearch: readNext,
  component: lazyRouteComponent(() => import('./session/SignInPage'), 'SignInPage'),
})

const invitation = createRoute({ getParentRoute: () => root, path: '/invitation', component: lazyRouteComponent(() => import('./session/InvitationPage'), 'InvitationPage') })
const reset = createRoute({ getParentRoute: () => root, path: '/reset', component: lazyRouteComponent(() => import('./session/ResetPage'), 'ResetPage') })

const screens = inside.addChildren([
  home, requests.addChildren([request]), plan, holds, deferred, limits, mail, consents.addChildren([consentPerson, consentPurposes, consentsEnding, consentSignUps, consentImports, consentImport, consentReceivers, consentReceiver]), tasks, reports, systems, system, rules, calendars, ladders, letters, rule, audit, settings.addChildren([tenant, retention, people, keys, webhooks, requesters, signOn, installation]), tenants, account, nowhere,
])

const tree = root.addChildren([screens, signIn, invitation, reset])

export const router = createRouter({
  routeTree: tree,
  basepath: '/console',
  context: { queries },
  defaultPreload: false,
  scrollRestoration: true,
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: NotFound,
  trailingSlash: 'never',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
