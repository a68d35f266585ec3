import { Checkbox, MultiSelect, Select, TextInput } from '@mantine/core'

import { channels, delimiters, layouts, relations, toldKinds } from '../words/consents'
import { choices, countries, purposeChoices } from './choices'
import classes from './consents.module.css'
import { wordsIn, type FirstLines } from './firstLines'
import { byColumn, needsRelation, type MappingDraft } from './mapping'
import type { Channel, Purpose } from './queries'

interface Props {
  draft: MappingDraft
  set: (part: Partial<MappingDraft>) => void
  lines: FirstLines
  purposes: Purpose[]
}

/** What the columns of a list mean. */
export function MappingForm({ draft: d, set, lines, purposes }: Props) {
  const columns = [...new Set(lines.columns)]
  const texts = purposes.find((p) => p.key === d.purpose)?.texts ?? []
  const column = (label: string, field: 'country' | 'language' | 'source_column' | 'url' | 'ip', description?: string) => (
    <Select label={label} description={description} placeholder="None" clearable data={columns} value={d[field] || null} onChange={(v) => set({ [field]: v ?? '' })} />
  )
  return (
    <div className={classes.grid}>
      <TextInput label="Name of the list" description="It stands in the ledger as the source of each line." required maxLength={100} value={d.name} onChange={(e) => set({ name: e.currentTarget.value })} />
      <Select label="Purpose" description="All lines are about it." required data={[...purposeChoices(purposes), { value: '*', label: 'Everything: withdrawals from all purposes' }]} value={d.purpose || null} onChange={(v) => set({ purpose: v ?? '', text: '' })} />
      <Select label="Channel" data={choices(channels)} value={d.channel} onChange={(v) => set({ channel: (v ?? 'email') as Channel })} />
      <Select label="Column of the address" required data={columns} value={d.address || null} onChange={(v) => set({ address: v ?? '' })} />
      <h3 className={classes.heading}>What happened</h3>
      <Select label="What happened" required data={[{ value: byColumn, label: 'A column says it, line by line' }, ...choices(toldKinds)]} value={d.kind || null} onChange={(v) => set({ kind: v ?? '' })} />
      {d.kind === byColumn && <Select label="Column of what happened" required data={columns} value={d.kind_column || null} onChange={(v) => set({ kind_column: v ?? '', kinds: kindsOf(wordsIn(lines, v ?? '')) })} />}
      {d.kind === byColumn && d.kind_column && <Kinds draft={d} set={set} words={wordsIn(lines, d.kind_column)} />}
      {needsRelation(d) && <Select label="Consent is implied by" required data={choices(relations)} value={d.relation || null} onChange={(v) => set({ relation: v ?? '' })} />}
      {needsRelation(d) && <Checkbox label="A simple way to refuse was offered when the addresses were taken" checked={d.refusable} onChange={(e) => set({ refusable: e.currentTarget.checked })} />}
      <Select label="Column of when" description="None: all of it happened at the moment of the import." placeholder="None" clearable data={columns} value={d.at || null} onChange={(v) => set({ at: v ?? '' })} />
      <Select label="How it is written" data={choices(layouts)} disabled={!d.at} value={d.at_layout} onChange={(v) => set({ at_layout: v ?? 'rfc3339' })} />
      <h3 className={classes.heading}>What else is known</h3>
      {column('Column of the country', 'country', 'Two letters, as DE.')}
      <Select label="Country of lines that name none" placeholder="Not known" clearable searchable data={countries} value={d.default_country || null} onChange={(v) => set({ default_country: v ?? '' })} />
      {column('Column of the language', 'language')}
      {column('Column of where each comes from', 'source_column', 'Such as the name of a form.')}
      {column('Column of the page', 'url')}
      {column('Column of the network address', 'ip', 'Kept only where your settings say so.')}
      {texts.length > 0 && <Select label="The words that all of them saw" placeholder="Not known" clearable data={texts.map((t) => ({ value: `${t.language} ${t.version}`, label: `${t.title}, ${t.language}, version ${t.version}` }))} value={d.text || null} onChange={(v) => set({ text: v ?? '' })} />}
      <MultiSelect label="Further columns kept as evidence" description="Sealed." placeholder={d.evidence.length === 0 ? 'None' : undefined} clearable searchable data={columns} value={d.evidence} onChange={(v) => set({ evidence: v })} />
      <Select label="Between columns" data={[{ value: '', label: `As found: ${delimiters[lines.delimiter]?.toLowerCase() ?? ''}` }, ...choices(delimiters)]} value={d.delimiter} onChange={(v) => set({ delimiter: v ?? '' })} />
    </div>
  )
}

/** What each word of the column means, as far as the first lines have them. */
function Kinds({ draft: d, set, words }: Pick<Props, 'draft' | 'set'> & { words: string[] }) {
  const meanings = [...choices(toldKinds), { value: 'skip', label: 'Leave such lines out' }]
  return (
    <fieldset className={`${classes.kinds ?? ''} ${classes.wide ?? ''}`}>
      <legend>What the words of “{d.kind_column}” mean</legend>
      {words.map((w) => <Select key={w} size="xs" label={w} required placeholder="Choose" data={meanings} value={d.kinds[w] ?? null} onChange={(v) => set({ kinds: { ...d.kinds, ...(v ? { [w]: v } : {}) } })} />)}
      {words.length === 0 && <p className="dim" style={{ margin: 0 }}>No word stands there in the first lines.</p>}
    </fieldset>
  )
}

const known: [RegExp, string][] = [
  [/^(un-?subscribed|opted?[ _-]?out|withdrawn|abgemeldet|désabonné)$/i, 'withdrawn'], [/^(confirmed|double[ _-]?opt[ _-]?in|bestätigt)$/i, 'confirmed'], [/^(subscribed|opted?[ _-]?in|given|active|angemeldet)$/i, 'given'],
  [/^(cleaned|bounced|pending|unconfirmed)$/i, 'skip'],
]

/** What words that newsletters programs write are likely to mean; the others are left to whoever knows the list. */
function kindsOf(words: string[]): Record<string, string> {
  return Object.fromEntries(words.flatMap((w) => { const means = known.find(([fits]) => fits.test(w))?.[1]; return means ? [[w, means]] : [] }))
}
