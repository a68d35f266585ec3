import { NumberInput, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items } from '../api/client'
import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import rows from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { tenantQuery } from '../requests/queries'
import { useZone } from '../session/session'
import { dateKey } from '../time/moment'
import { useNow } from '../time/now'
import classes from './rules.module.css'
import { RulesNav } from './RulesNav'

const placeNames = new Intl.DisplayNames('en', { type: 'region' })

/** DE is Germany; GB-SCT stays, behind its country. */
function placeName(id: string): string {
  const country = id.slice(0, 2)
  try {
    return `${placeNames.of(country) ?? country}${id.length > 2 ? `, ${id.slice(3)}` : ''} (${id})`
  } catch {
    return id
  }
}

const dayName = (day: string) => new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(`${day}T12:00:00Z`))

/** The days off that the dates of the laws make way for. */
export function CalendarsPage() {
  const tenant = useQuery(tenantQuery)
  const [chosen, setChosen] = useState<string>()
  const thisYear = Number(dateKey(useNow(), useZone()).slice(0, 4))
  const [year, setYear] = useState(thisYear)
  const all = useQuery({ queryKey: ['calendars'], queryFn: () => held(api.GET('/v1/calendars')), staleTime: 60 * 60_000 })
  const id = chosen ?? tenant.data?.calendar
  const one = useQuery({ queryKey: ['calendars', id, year], enabled: !!id, staleTime: 60 * 60_000, retry: false, queryFn: () => held(api.GET('/v1/calendars/{id}/{year}', { params: { path: { id: id ?? '', year } } })) })
  const holidays = one.data?.holidays ?? []
  return (
    <Page title="Rules" lead="The holidays that dates make way for, by the place that answers.">
      <RulesNav />
      {all.error && <Failure error={all.error} retry={() => void all.refetch()} />}
      <div className={rows.filters} role="group" aria-label="Calendar">
        <Select aria-label="Place" size="xs" searchable style={{ width: 280 }} data={items(all.data).map((c) => ({ value: c.id, label: placeName(c.id) }))} value={id ?? null} onChange={(v) => setChosen(v ?? undefined)} />
        <NumberInput aria-label="Year" size="xs" min={1900} max={2199} value={year} onChange={(v) => { if (Number(v) >= 1900) setYear(Number(v)) }} />
      </div>
      {one.error && <Failure error={one.error} />}
      {one.isPending && !!id && <Waiting lines={8} height={28} />}
      {one.data && (
        <>
          {holidays.length === 0 ? <p className="dim">No holiday is known there in {year}.</p> : <ul className={classes.holidays}>{holidays.map((d) => <li key={d}><span className="tabular">{d}</span> {dayName(d)}</li>)}</ul>}
          <p className="dim">Days there begin and end in {items(all.data).find((c) => c.id === id)?.zone}.</p>
        </>
      )}
    </Page>
  )
}
