import { Autocomplete, Checkbox, Select, Textarea, TextInput } from '@mantine/core'

import { useZone } from '../session/session'
import { channels, channelsOf, lasting, relations, toldKinds } from '../words/consents'
import { word } from '../words/words'
import { choices, countries, purposeChoices } from './choices'
import classes from './consents.module.css'
import type { Purpose, Who } from './queries'

export const emptyRecord = { kind: '', purpose: '', channel: '', at: '', relation: '', refusable: false, against: false, source: '', text: '', country: '', note: '' }
export type RecordDraft = typeof emptyRecord

/** Kinds that are about something on which consent is implied. */
export const relates = (kind: string) => kind === 'refreshed' || kind === 'began' || kind === 'ended'

interface Props {
  who: Who
  purposes: Purpose[]
  draft: RecordDraft
  set: (part: Partial<RecordDraft>) => void
}

/** What happened to a consent, as somebody tells it. */
export function RecordForm({ who, purposes, draft: d, set }: Props) {
  const zone = useZone()
  const own = channelsOf[who.channel] ?? [who.channel]
  const texts = purposes.find((p) => p.key === d.purpose)?.texts ?? []
  const all = d.kind === 'withdrawn' ? [{ value: '*', label: 'Everything: they want nothing any more' }] : []
  return (
    <div className={classes.grid}>
      <Select className={classes.wide} label="What happened" required data-autofocus data={choices(toldKinds)} value={d.kind || null} onChange={(v) => set({ kind: v ?? '', relation: '', ...(v !== 'withdrawn' && d.purpose === '*' ? { purpose: '' } : {}) })} />
      <Select label="About" required data={[...all, ...purposeChoices(purposes)]} value={d.purpose || null} onChange={(v) => set({ purpose: v ?? '', text: '' })} />
      {own.length > 1 && <Select label="Channel" data={own.map((value) => ({ value, label: word(channels, value) }))} value={d.channel || who.channel} onChange={(v) => set({ channel: v ?? '' })} />}
      {relates(d.kind) && <Select label="What it is" required data={choices(relations).filter((r) => d.kind === 'refreshed' || lasting.includes(r.value))} value={d.relation || null} onChange={(v) => set({ relation: v ?? '' })} />}
      <TextInput label="When" description={`By the clock of ${zone}. Empty: now.`} type="datetime-local" value={d.at} onChange={(e) => set({ at: e.currentTarget.value })} />
      <Autocomplete label="Where from" description="A shop, a call, a form. Nothing about the person." maxLength={200} data={['A call', 'A letter', 'At the counter']} value={d.source} onChange={(source) => set({ source })} />
      {texts.length > 0 && (d.kind === 'given' || d.kind === 'confirmed') && <Select label="The words that they saw" placeholder="Not known" clearable data={texts.map((t) => ({ value: `${t.language} ${t.version}`, label: `${t.title}, ${t.language}, version ${t.version}` }))} value={d.text || null} onChange={(v) => set({ text: v ?? '' })} />}
      <Select label="Where they live" placeholder="As it is known" clearable searchable data={countries} value={d.country || null} onChange={(v) => set({ country: v ?? '' })} />
      <Textarea className={classes.wide} label="What else shows it" description="It is sealed." autosize minRows={2} maxRows={6} maxLength={4000} value={d.note} onChange={(e) => set({ note: e.currentTarget.value })} />
      {relates(d.kind) && <Checkbox className={classes.wide} label="A simple way to refuse was offered when the address was taken" checked={d.refusable} onChange={(e) => set({ refusable: e.currentTarget.checked })} />}
      {(d.kind === 'published' || d.kind === 'disclosed') && <Checkbox className={classes.wide} label="A statement against unsolicited messages came with it" checked={d.against} onChange={(e) => set({ against: e.currentTarget.checked })} />}
    </div>
  )
}
