import { Button } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'

import { Page } from '../page/Page'
import { Printed } from '../page/Printed'
import { SaveButton } from '../page/SaveButton'
import settings from '../settings/settings.module.css'
import { useMay, useZone } from '../session/session'
import { dateKey } from '../time/moment'
import { useNow } from '../time/now'
import { Ccpa } from './Ccpa'
import { Timeliness } from './Timeliness'

const route = getRouteApi('/inside/reports')

/** What was achieved, in figures that each lead to what they count. */
export function ReportsPage() {
  const filter = route.useSearch()
  const may = useMay()
  const today = dateKey(useNow(), useZone())
  const from = filter.from ?? `${today.slice(0, 4)}-01-01`
  const to = filter.to ?? today
  const year = filter.year ?? Number(today.slice(0, 4)) - 1
  const ccpa = filter.report === 'ccpa'
  const actions = (
    <>
      <Button variant="default" onClick={() => window.print()}>Print</Button>
      {may(ccpa ? 'export-ccpa-metrics' : 'export-timeliness') && (ccpa
        ? <SaveButton key="ccpa" path={`/v1/reports/ccpa/csv?year=${year}`} name={`ccpa-${year}.csv`}>Export as CSV</SaveButton>
        : <SaveButton key="time" path={`/v1/reports/timeliness/csv?from=${from}&to=${to}`} name={`timeliness-${from}-${to}.csv`}>Export as CSV</SaveButton>)}
    </>
  )
  return (
    <Page title="Reports" actions={actions}>
      <Printed what={ccpa ? `CCPA metrics of ${year}` : `Timeliness, ${from} to ${to}`} />
      <nav className={settings.parts} aria-label="Reports">
        <Link to="/reports" search={{}} className={settings.part} data-active={!ccpa || undefined} aria-current={ccpa ? undefined : 'page'}>Timeliness</Link>
        {may('get-ccpa-metrics') && <Link to="/reports" search={{ report: 'ccpa' }} className={settings.part} data-active={ccpa || undefined} aria-current={ccpa ? 'page' : undefined}>CCPA metrics</Link>}
      </nav>
      {ccpa ? <Ccpa year={year} /> : <Timeliness from={from} to={to} />}
    </Page>
  )
}
