import { Button, Checkbox, MultiSelect, Select, TextInput } from '@mantine/core'
import { IconMailOpened } from '@tabler/icons-react'

import { FileDrop } from '../page/FileDrop'
import { mailClasses, mailConsents, mailCountries, trackingConsents } from '../words/mail'
import classes from './mail.module.css'
import type { Question } from './queries'

const countryNames = new Intl.DisplayNames('en', { type: 'region' })
const countries = mailCountries.map((value) => ({ value, label: countryNames.of(value) ?? value })).sort((a, b) => a.label.localeCompare(b.label))
const choices = (of: Record<string, string>) => Object.entries(of).map(([value, label]) => ({ value, label }))

interface Props {
  file: File | undefined
  question: Question
  busy: boolean
  onFile: (file: File | undefined) => void
  onAsk: (part: Partial<Question>) => void
  onCheck: () => void
}

/** The message, and what is known of its recipients. */
export function Choose({ file, question: q, busy, onFile, onAsk, onCheck }: Props) {
  return (
    <form onSubmit={(e) => { e.preventDefault(); onCheck() }}>
      <FileDrop icon={IconMailOpened} hint="Drop the raw message here as it goes out, an .eml file" accept=".eml,message/rfc822" file={file} onFile={onFile} />
      <div className={classes.grid}>
        <Select label="What it is for" value={q.class} data={choices(mailClasses)} allowDeselect={false} onChange={(v) => onAsk({ class: v ?? 'commercial' })} />
        <MultiSelect label="Countries of the recipients" placeholder={q.countries.length === 0 ? 'All' : undefined} searchable clearable hidePickedOptions nothingFoundMessage="For other countries the rules of mailbox providers count"
          value={q.countries} data={countries} onChange={(v) => onAsk({ countries: v })} />
        <Select label="Have they agreed to such messages?" value={q.consent} data={choices(mailConsents)} allowDeselect={false} onChange={(v) => onAsk({ consent: v ?? 'unknown' })} />
        <Select label="Have they agreed to tracking?" value={q.tracking} data={choices(trackingConsents)} allowDeselect={false} onChange={(v) => onAsk({ tracking: v ?? 'unknown' })} />
        <TextInput label="Name of the sender" description="As recipients know it; it must stand in the message." maxLength={200} value={q.sender} onChange={(e) => onAsk({ sender: e.currentTarget.value })} />
        <TextInput label="Postal address of the sender" description="As it must stand in the message; empty: that of the settings." maxLength={500} value={q.address} onChange={(e) => onAsk({ address: e.currentTarget.value })} />
        <Checkbox className={classes.draft} label="A draft that is signed later" description="Then DKIM is not asked for." checked={q.draft} onChange={(e) => onAsk({ draft: e.currentTarget.checked })} />
      </div>
      <Button type="submit" disabled={!file} loading={busy}>Check the message</Button>
    </form>
  )
}
