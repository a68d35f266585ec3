import { Button, Checkbox, NumberInput, Select, Switch, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { tenantQuery } from '../requests/queries'
import { Cited } from '../rules/Cited'
import { useMay } from '../session/session'
import { events } from '../words/erasures'
import { plain } from '../words/words'
import { retentionRulesQuery } from './queries'
import classes from './settings.module.css'

type Rule = Schemas['RetentionRule']
type Tenant = Schemas['TenantView']

/** What keeps records from being erased here: the rules that are switched on, and what they are counted with. */
export function Retention() {
  const tenant = useQuery({ ...tenantQuery, refetchOnWindowFocus: false })
  const rules = useQuery(retentionRulesQuery)
  const failed = tenant.error ?? rules.error
  if (failed) return <Failure error={failed} retry={() => { void tenant.refetch(); void rules.refetch() }} />
  if (!tenant.data || !rules.data) return <Waiting lines={12} height={48} />
  return <Form key={tenant.data.id} tenant={tenant.data} rules={items(rules.data)} />
}

function toBody({ name, country, calendar, zone, language, regime, profile, settings, version }: Tenant): Schemas['TenantBody'] {
  return { name, country, calendar, zone, language, regime, profile, settings, version }
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const pad = (n: number) => String(n).padStart(2, '0')

function Form({ tenant, rules }: { tenant: Tenant; rules: Rule[] }) {
  const fixed = !useMay()('change-tenant')
  const queries = useQueryClient()
  const [draft, setDraft] = useState(tenant)
  const { settings } = draft
  const on = settings.retention ?? []
  const set = (part: Partial<Tenant['settings']>) => setDraft((old) => ({ ...old, settings: { ...old.settings, ...part } }))
  const save = useMutation({
    mutationFn: () => held(api.PUT('/v1/tenant', { body: toBody(draft) })),
    onSuccess: (after) => { queries.setQueryData(tenantQuery.queryKey, after); setDraft(after); void queries.invalidateQueries({ queryKey: retentionRulesQuery.queryKey }) },
  })
  const [month = '12', day = '31'] = (settings.year_end || '12-31').split('-')
  const yearEnd = (m: string, d: number) => set({ year_end: `${m}-${pad(d)}` === '12-31' ? undefined : `${m}-${pad(d)}` })
  return (
    <form onSubmit={(e) => { e.preventDefault(); save.mutate() }}>
      <fieldset disabled={fixed} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <div className={classes.form}>
          <h2 className={classes.heading}>What periods are counted with</h2>
          <Select label="Last month of the financial year" data={months.map((label, i) => ({ value: pad(i + 1), label }))} value={month} onChange={(v) => yearEnd(v ?? '12', lastDay(Number(v ?? 12)))} disabled={fixed} />
          <NumberInput label="Its last day" min={1} max={lastDay(Number(month))} value={Number(day)} onChange={(v) => yearEnd(month, Number(v) || 1)} disabled={fixed} />
          <NumberInput label="Days that an approved erasure waits" description="Until then the person can take it back. 0: it is carried out at once." min={0} max={14} value={settings.erasure_wait_days ?? 0} onChange={(v) => set({ erasure_wait_days: Number(v) || undefined })} disabled={fixed} />
          <Switch className={classes.wide} label="Supervised company: a bank, an insurer or a securities firm, for which some periods changed a year later" checked={settings.supervised ?? false} onChange={(e) => set({ supervised: e.currentTarget.checked || undefined })} />
          <h2 className={classes.heading}>Rules that keep records from being erased</h2>
        </div>
        <p className="prose">Switch on what applies to you. A rule keeps rows only where the declaration of a system says which kind of record they are. The mark behind each citation says how well it is known: have counsel confirm what you rely on.</p>
        <Rules rules={rules} on={on} change={(ids) => set({ retention: ids.length > 0 ? ids : undefined })} />
      </fieldset>
      {save.error && <Failure error={save.error} />}
      {save.isSuccess && <p role="status">Saved. Plans that are made from now on are made by it; those that there are stay as they are until they are made anew.</p>}
      {!fixed && <Button type="submit" mt="md" loading={save.isPending}>Save the settings</Button>}
    </form>
  )
}

/** The last day of a month in a common year: what the API takes, whatever the year. */
const lastDay = (month: number) => new Date(Date.UTC(2001, month, 0)).getUTCDate()

const countries = new Intl.DisplayNames('en', { type: 'region' })
const countryOf = (code: string) => (/^[A-Z]{2}$/.test(code) ? countries.of(code) ?? code : code === 'EU' ? 'European Union' : code)

function Rules({ rules, on, change }: { rules: Rule[]; on: string[]; change: (ids: string[]) => void }) {
  const [text, setText] = useState('')
  const [only, setOnly] = useState(false)
  const wanted = text.trim().toLowerCase()
  const shown = rules.filter((r) => (!only || on.includes(r.id)) && `${r.id} ${r.name} ${countryOf(r.country)} ${r.citation.text} ${(r.kinds ?? []).map(plain).join(' ')}`.toLowerCase().includes(wanted))
  const groups = [...new Set(shown.map((r) => r.country))].sort((a, b) => countryOf(a).localeCompare(countryOf(b)))
  return (
    <>
      <div className={classes.find}>
        <TextInput size="xs" aria-label="Find a rule" placeholder="Find a rule by country, kind of record or law" value={text} onChange={(e) => setText(e.currentTarget.value)} />
        <Switch size="xs" label={`Only those that are on (${on.length})`} checked={only} onChange={(e) => setOnly(e.currentTarget.checked)} />
      </div>
      {shown.length === 0 && <p className="dim">No rule fits.</p>}
      {groups.map((country) => (
        <section key={country} aria-label={countryOf(country)}>
          <h3 className={classes.country}>{countryOf(country)}</h3>
          <ul className={classes.rules}>
            {shown.filter((r) => r.country === country).map((r) => (
              <li key={r.id}>
                <Checkbox size="sm" checked={on.includes(r.id)} onChange={(e) => change(e.currentTarget.checked ? [...on, r.id] : on.filter((id) => id !== r.id))} label={r.name} description={<>{periodOf(r)} {r.ground !== 'legal_duty' && 'It may be kept; no law demands it. '}For: {(r.kinds ?? []).map((k) => plain(k).toLowerCase()).join(', ')}.</>} />
                <Cited citation={r.citation} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

/** How long, from when: 8 years from the end of the calendar year, counted from when it was made. */
function periodOf(r: Rule): string {
  const told = [...new Set((r.keep ?? []).map((k) => `${k.period} from ${k.runs === 'from_calendar_year_end' ? 'the end of the calendar year: ' : ''}${events[k.event] ?? plain(k.event).toLowerCase()}`))]
  return `${told.join(', or ')}${told.length > 1 ? ', whichever is later' : ''}.`
}
