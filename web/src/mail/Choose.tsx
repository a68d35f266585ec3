import { Button, Checkbox, FileButton, MultiSelect, Select, TextInput } from '@mantine/core'
import { IconMailOpened } from '@tabler/icons-react'
import { useState, type DragEvent } from 'react'

import { mailClasses, mailConsents, mailCountries, trackingConsents } from '../words/mail'
import { bytes } from '../words/words'
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
      <Drop file={file} onFile={onFile} />
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

/** Where a message is dropped, or chosen by a button. */
function Drop({ file, onFile }: Pick<Props, 'file' | 'onFile'>) {
  const [over, setOver] = useState(false)
  const drop = (e: DragEvent) => {
    e.preventDefault()
    setOver(false)
    const dropped = e.dataTransfer.files.item(0)
    if (dropped) onFile(dropped)
  }
  return (
    <div className={classes.drop} data-over={over || undefined} data-testid="drop" onDragOver={(e) => { e.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <IconMailOpened size={24} stroke={1.4} aria-hidden />
      <p className={classes.dropText}>{file ? <><strong>{file.name}</strong>, {bytes(file.size)}</> : 'Drop the raw message here as it goes out, an .eml file'}</p>
      <FileButton accept=".eml,message/rfc822" onChange={(f) => { if (f) onFile(f) }}>
        {(props) => <Button {...props} size="xs" variant="default">{file ? 'Choose another' : 'Choose a file'}</Button>}
      </FileButton>
    </div>
  )
}
