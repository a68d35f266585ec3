import { Burger, Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useRef } from 'react'

import { useMay } from '../session/session'
import { OtherWindow } from '../session/OtherWindow'
import { StepUp } from '../session/StepUp'
import { useSignedOut } from '../session/signedOut'
import { KeyHelp } from './KeyHelp'
import { useKeys } from './keys'
import { useLive } from './live'
import { Lost } from './Lost'
import { Mark } from './Mark'
import { Navigation } from './Navigation'
import { places } from './places'
import classes from './Shell.module.css'

const loadSearch = () => import('./Search')
const loadNewRequest = () => import('../requests/NewRequest')
const Search = lazy(() => loadSearch().then((m) => ({ default: m.Search })))
const NewRequest = lazy(() => loadNewRequest().then((m) => ({ default: m.NewRequest })))

/** Fetches what a key opens once the screen stands, so that nothing typed after the key is lost. */
function soon() {
  const timer = setTimeout(() => { void loadSearch(); void loadNewRequest() }, 1000)
  return () => clearTimeout(timer)
}

/** What stands around every screen. */
export function Shell() {
  const [drawer, menu] = useDisclosure(false)
  const [searching, search] = useDisclosure(false)
  const [helping, help] = useDisclosure(false)
  const [creating, create] = useDisclosure(false)
  const may = useMay()
  const navigate = useNavigate()
  const main = useRef<HTMLElement>(null)

  const go = useCallback((key: string) => {
    const place = places.find((p) => p.key === key)
    if (place && may(place.needs)) void navigate({ to: place.to })
  }, [may, navigate])
  const startRequest = useCallback(() => { if (may('create-request')) create.open() }, [may, create])
  useKeys({ search: search.open, help: help.open, go, create: startRequest, rest: searching || helping || creating })
  useEffect(soon, [])
  useLive()
  useSignedOut()
  const path = useRouterState({ select: (s) => s.location.pathname })
  const { close: closeMenu } = menu
  useEffect(() => { closeMenu() }, [path, closeMenu])

  const navigation = <Navigation onSearch={search.open} onHelp={help.open} onCreate={may('create-request') ? create.open : undefined} />
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main" onClick={(e) => { e.preventDefault(); main.current?.focus() }}>Skip to the content</a>
      <nav className={classes.top} aria-label="Menu">
        <Burger opened={drawer} onClick={menu.open} size="sm" aria-label="Open the navigation" />
        <Mark />
      </nav>
      <div className={classes.side}>{navigation}</div>
      <Drawer opened={drawer} onClose={menu.close} size={264} title={<Mark />} closeButtonProps={{ 'aria-label': 'Close the navigation' }}>
        {navigation}
      </Drawer>
      <main ref={main} id="main" tabIndex={-1} className={classes.main}><Lost /><Outlet /></main>
      <Suspense>
        {searching && <Search onClose={search.close} />}
        {creating && <NewRequest onClose={create.close} />}
      </Suspense>
      <KeyHelp opened={helping} onClose={help.close} />
      <StepUp />
      <OtherWindow />
    </div>
  )
}
