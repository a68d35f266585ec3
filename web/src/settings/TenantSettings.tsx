import { Button, ColorInput, MultiSelect, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { policiesQuery, tenantQuery } from '../requests/queries'
import { useMay } from '../session/session'
import classes from './settings.module.css'

type Tenant = Schemas['TenantView']

/** What the tenant says of itself, and what it has chosen. */
export function TenantSettings() {
  const tenant = useQuery({ ...tenantQuery, refetchOnWindowFocus: false })
  if (tenant.error) return <Failure error={tenant.error} retry={() => void tenant.refetch()} />
  if (!tenant.data) return <Waiting lines={12} height={56} />
  return <Form key={tenant.data.id} tenant={tenant.data} />
}

const languages = [{ value: 'en', label: 'English' }, { value: 'de', label: 'German' }, { value: 'fr', label: 'French' }, { value: 'es', label: 'Spanish' }]

function toBody({ name, country, calendar, zone, language, regime, profile, settings, version }: Tenant): Schemas['TenantBody'] {
  return { name, country, calendar, zone, language, regime, profile, settings, version }
}

function Form({ tenant }: { tenant: Tenant }) {
  const may = useMay()
  const queries = useQueryClient()
  const policies = useQuery(policiesQuery)
  const [draft, setDraft] = useState(tenant)
  const set = (part: Partial<Tenant>) => setDraft((old) => ({ ...old, ...part }))
  const profile = (part: Partial<Tenant['profile']>) => set({ profile: { ...draft.profile, ...part } })
  const settings = (part: Partial<Tenant['settings']>) => set({ settings: { ...draft.settings, ...part } })
  const save = useMutation({
    mutationFn: () => held(api.PUT('/v1/tenant', { body: toBody(draft) })),
    onSuccess: (after) => { queries.setQueryData(tenantQuery.queryKey, after); setDraft(after) },
  })
  const fixed = !may('change-tenant')
  const regimes = [...new Map(items(policies.data).map((p) => [p.id, p.name])).entries()].map(([value, label]) => ({ value, label }))
  return (
    <form onSubmit={(e) => { e.preventDefault(); save.mutate() }}>
      <fieldset disabled={fixed} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <div className={classes.form}>
          <h2 className={classes.heading}>Company</h2>
          <TextInput label="Name" required maxLength={200} value={draft.name} onChange={(e) => set({ name: e.currentTarget.value })} />
          <TextInput label="Short name" description="In the addresses of the public pages; it stays." disabled value={draft.slug} />
          <TextInput className={classes.wide} label="Address" value={draft.profile.address} onChange={(e) => profile({ address: e.currentTarget.value })} />
          <TextInput label="Contact for people" description="In letters and on the public pages." value={draft.profile.contact} onChange={(e) => profile({ contact: e.currentTarget.value })} />
          <TextInput label="Data protection officer" value={draft.profile.dpo} onChange={(e) => profile({ dpo: e.currentTarget.value })} />
          <TextInput label="Supervisory authority" description="Named where people are told that they may complain." value={draft.profile.authority} onChange={(e) => profile({ authority: e.currentTarget.value })} />
          <TextInput label="Its address on the web" type="url" value={draft.profile.authority_url} onChange={(e) => profile({ authority_url: e.currentTarget.value })} />
          <h2 className={classes.heading}>Law and time</h2>
          <Select label="Law" description="For requests that name no other." searchable data={regimes} value={draft.regime} onChange={(v) => set({ regime: v ?? draft.regime })} disabled={fixed} />
          <Select label="Language" description="Of letters, where the person has said no other." data={languages} value={draft.language} onChange={(v) => set({ language: (v ?? draft.language) as Tenant['language'] })} disabled={fixed} />
          <MultiSelect className={classes.wide} label="Further laws" description="With some, the form asks where the person lives, and the law of that place decides. Everybody else asks under the law above." searchable clearable data={regimes.filter((r) => r.value !== draft.regime)} value={draft.settings.regimes ?? []} onChange={(v) => settings({ regimes: v.length > 0 ? v : undefined })} disabled={fixed} />
          <TextInput label="Country" description="Two letters: DE" required pattern="[A-Z]{2}" value={draft.country} onChange={(e) => set({ country: e.currentTarget.value.toUpperCase() })} />
          <TextInput label="Holidays of" description="The place that answers: DE, FR, GB-SCT, US-FED" required value={draft.calendar} onChange={(e) => set({ calendar: e.currentTarget.value })} />
          <TextInput label="Time zone" description="Europe/Berlin" required value={draft.zone} onChange={(e) => set({ zone: e.currentTarget.value })} />
          <h2 className={classes.heading}>Choices</h2>
          <NumberInput label="Days for the proof of identity" description="Then the request is closed." min={1} max={90} value={draft.settings.verify_days} onChange={(v) => settings({ verify_days: Number(v) })} />
          <NumberInput label="Reminded after days" min={1} max={90} value={draft.settings.verify_remind_days} onChange={(v) => settings({ verify_remind_days: Number(v) })} />
          <NumberInput label="Days a package can be fetched" min={1} max={90} value={draft.settings.package_days} onChange={(v) => settings({ package_days: Number(v) })} />
          <NumberInput label="Days of notice before a limit ends" description="The person is told that long before (Art. 18(3) GDPR)." min={1} max={30} value={draft.settings.lift_notice_days ?? 3} onChange={(v) => settings({ lift_notice_days: Number(v) || undefined })} />
          <TextInput label="Ladder of reminders" description="The name of an escalation ladder." required value={draft.settings.ladder} onChange={(e) => settings({ ladder: e.currentTarget.value })} />
          <ColorInput label="Colour of the public pages" description="Buttons have it as it is; links the nearest shade that can be read." format="hex" withEyeDropper={false} swatches={['#176a69', '#1f5fa8', '#5b3fa0', '#a03f5b', '#8a5a00']} value={draft.settings.colour ?? ''} onChange={(v) => settings({ colour: v || undefined })} disabled={fixed} />
          <TextInput label="Slack channel" description="For notices to staff; names no person." value={draft.settings.slack_channel ?? ''} onChange={(e) => settings({ slack_channel: e.currentTarget.value || undefined })} />
          <TextInput label="Country code of telephones" description="For numbers without one: 49" value={draft.settings.phone_country ?? ''} onChange={(e) => settings({ phone_country: e.currentTarget.value || undefined })} />
          {may('change-staff') && (
            <Switch className={classes.wide} label="Everybody needs a second factor" checked={draft.settings.second_factor === 'required'}
              onChange={(e) => settings({ second_factor: e.currentTarget.checked ? 'required' : undefined })} />
          )}
          <TextInput label="Business id" description="In the directory of the Data Rights Protocol. Without it agents can file nothing." pattern="[A-Za-z0-9][A-Za-z0-9_.\-]*" maxLength={64} value={draft.settings.drp_business_id ?? ''} onChange={(e) => settings({ drp_business_id: e.currentTarget.value || undefined })} />
          <TextInput label="Abides by Global Privacy Control since" description="The day of your sites’ statement, in gpc.json. Empty states nothing." type="date" value={draft.settings.gpc_updated ?? ''} onChange={(e) => settings({ gpc_updated: e.currentTarget.value || undefined })} />
          <Switch className={classes.wide} label="Small agent: some laws give small companies longer" checked={draft.settings.small_agent ?? false} onChange={(e) => settings({ small_agent: e.currentTarget.checked })} />
          <Textarea className={classes.wide} label="Keys of identity assertions" description="One public key a line: your own sign-in can vouch for who a person is." autosize minRows={2} value={(draft.settings.assertion_keys ?? []).join('\n')}
            onChange={(e) => settings({ assertion_keys: e.currentTarget.value.split('\n').filter((l) => l.trim() !== '') })} />
        </div>
      </fieldset>
      {save.error && <Failure error={save.error} />}
      {save.isSuccess && <p role="status">Saved. What is under way keeps the dates it has.</p>}
      {!fixed && <Button type="submit" mt="md" loading={save.isPending}>Save the settings</Button>}
    </form>
  )
}
