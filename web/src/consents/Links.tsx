import { Button, CopyButton, Group, Modal, Select, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { purposeChoices } from './choices'
import classes from './consents.module.css'
import type { Purpose, Who } from './queries'

/** Makes the links by which they end or choose what they get. Whoever has one can act for them, so they are shown only when asked for. */
export function Links({ who, purposes }: { who: Who; purposes: Purpose[] }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>Links of their own</Button>
      {open && <Making who={who} purposes={purposes} onClose={() => setOpen(false)} />}
    </>
  )
}

function Making({ who, purposes, onClose }: { who: Who; purposes: Purpose[]; onClose: () => void }) {
  const [purpose, setPurpose] = useState('*')
  const [list, setList] = useState('')
  const make = useMutation({
    gcTime: 0,
    mutationFn: () => held(api.POST('/v1/consent/links', { body: { addresses: [who.address], channel: who.channel, purpose, ...(list.trim() ? { list: list.trim() } : {}) } })),
  })
  const set = (change: () => void) => { change(); make.reset() }
  return (
    <Modal opened onClose={onClose} title="Links of their own" size={680} closeButtonProps={{ 'aria-label': 'Close' }}>
      <p style={{ marginTop: 0 }}>Send these to nobody but this person: whoever has them ends and chooses for them, without signing in. That they were made is put on record.</p>
      <form onSubmit={(e) => { e.preventDefault(); make.mutate() }}>
        <div className={classes.grid}>
          <Select label="What the message is for" data={[{ value: '*', label: 'Everything' }, ...purposeChoices(purposes)]} value={purpose} onChange={(v) => set(() => setPurpose(v ?? '*'))} />
          <TextInput label="List or campaign" description="It stands in the link for everybody to read." maxLength={20} value={list} onChange={(e) => { const { value } = e.currentTarget; set(() => setList(value)) }} />
        </div>
        {make.error && <Failure error={make.error} />}
        <div role="status">{make.data?.links.map((l) => <Made key={l.unsubscribe} link={l} />)}</div>
        <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Close</Button><Button type="submit" loading={make.isPending}>Make the links</Button></Group>
      </form>
    </Modal>
  )
}

function Made({ link: l }: { link: Schemas['ConsentLink'] }) {
  const all: [string, string | undefined][] = [['To end it', l.unsubscribe], ['To choose', l.preferences], ['List-Unsubscribe', l.list_unsubscribe], ['List-Unsubscribe-Post', l.list_unsubscribe_post]]
  return (
    <dl className={classes.made}>
      {all.map(([name, value]) => value && (
        <div key={name}>
          <dt>{name}</dt>
          <dd><code>{value}</code> <CopyButton value={value}>{({ copied, copy }) => <Button size="compact-xs" variant="subtle" aria-label={`Copy: ${name}`} onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton></dd>
        </div>
      ))}
    </dl>
  )
}
