import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import type { QueryClient } from '@tanstack/react-query'

import { readBoardFilter } from './docket/filter'
import { Broken } from './page/Broken'
import { NotFound } from './page/NotFound'
import { queries } from './queries'
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

const tasks = createRoute({
  getParentRoute: () => inside, path: '/tasks', validateSearch: readTaskFilter,
  component: lazyRouteComponent(() => import('./tasks/TasksPage'), 'TasksPage'),
})

function readNext(search: Record<string, unknown>): { next?: string } {
  return typeof search.next === 'string' && search.next.startsWith('/') && !search.next.startsWith('//') ? { next: search.next } : {}
}

const signIn = createRoute({
  getParentRoute: () => root, path: '/sign-in', validateSearch: readNext,
  component: lazyRouteComponent(() => import('./session/SignInPage'), 'SignInPage'),
})

const tree = root.addChildren([inside.addChildren([home, requests.addChildren([request]), tasks]), signIn])

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
