import { Button, Group, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { newKey } from '../api/transport'
import { Facts } from '../page/Facts'
import { Failure } from '../page/Failure'
import { useZone } from '../session/session'
import { exactly } from '../time/moment'
import { momentIn } from '../time/zoned'
import { countryName } from './choices'
import classes from './consents.module.css'
import { titleOf, type Channel, type Purpose, type Who } from './queries'
import { emptyRecord, RecordForm, relates, type RecordDraft } from './RecordForm'
import { lineWords } from './sentences'

type Body = Schemas['NewConsentEvent']

/** What goes into the ledger. */
function toBody(who: Who, d: RecordDraft, zone: string): Body {
  const [language, version] = d.text.split(' ')
  return {
    address: who.address, purpose: d.purpose, channel: (d.channel || who.channel) as Channel, kind: d.kind as Body['kind'],
    ...(d.at ? { at: momentIn(d.at, zone), zone } : {}), ...(relates(d.kind) ? { relation: d.relation, ...(d.refusable ? { refusable: true } : {}) } : {}),
    ...((d.kind === 'published' || d.kind === 'disclosed') && d.against ? { no_solicitation: true } : {}), ...(d.source.trim() ? { source: d.source.trim() } : {}),
    ...(language && version ? { text: { language, version: Number(version) } } : {}), ...(d.country ? { country: d.country } : {}), ...(d.note.trim() ? { evidence: { note: d.note.trim() } } : {}),
  }
}

/** Puts on record what happened. It is read once more before it is written, for it can't be taken out again. */
export function Record({ who, purposes, done }: { who: Who; purposes: Purpose[]; done: () => void }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>Record what happened</Button>
      {open && <Recording who={who} purposes={purposes} onClose={() => setOpen(false)} done={() => { setOpen(false); done() }} />}
    </>
  )
}

interface Props {
  who: Who
  purposes: Purpose[]
  onClose: () => void
  done: () => void
}

function Recording({ who, purposes, onClose, done }: Props) {
  const zone = useZone()
  const [draft, setDraft] = useState(emptyRecord)
  const [key, setKey] = useState(newKey)
  const [second, look] = useState(false)
  const write = useMutation({
    gcTime: 0,
    mutationFn: () => held(api.POST('/v1/consent/events', { params: { header: { 'Idempotency-Key': key } }, body: { events: [toBody(who, draft, zone)] } })),
    onSuccess: done,
  })
  const set = (part: Partial<RecordDraft>) => { setDraft((old) => ({ ...old, ...part })); setKey(newKey()); write.reset() } // another act, so another key
  return (
    <Modal opened onClose={onClose} title={second ? 'Is this what happened?' : 'Record what happened'} size={680} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (second) write.mutate(); else look(true) }}>
        {second ? <Second body={toBody(who, draft, zone)} purposes={purposes} /> : <RecordForm who={who} purposes={purposes} draft={draft} set={set} />}
        {write.error && <Failure error={write.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={second ? () => { look(false); write.reset() } : onClose}>{second ? 'Change it' : 'Leave it'}</Button>
          <Button key={second ? 'write' : 'look'} type="submit" data-autofocus={second || undefined} disabled={!draft.kind || !draft.purpose || (relates(draft.kind) && !draft.relation)} loading={write.isPending}>{second ? 'Write it to the ledger' : 'Read it once more'}</Button>
        </Group>
      </form>
    </Modal>
  )
}

/** The second look: what will stand there for good. */
function Second({ body: b, purposes }: { body: Body; purposes: Purpose[] }) {
  const zone = useZone()
  return (
    <div role="status">
      <p className={classes.second}>{lineWords({ ...b, channel: b.channel ?? 'email' }, titleOf(purposes, b.purpose))}</p>
      <Facts facts={[
        ['Address', b.address], ['When', b.at ? exactly(b.at, zone) : 'Now'], ['They could refuse', b.refusable && 'A simple way was offered'], ['Where from', b.source],
        ['Words they saw', b.text && `${b.text.language}, version ${b.text.version}`], ['Country', countryName(b.country)], ['Note', b.evidence?.note],
      ]} />
      <p className="dim">A line of the ledger is never changed and never taken out. What was wrong is put right by another line. {b.kind === 'withdrawn' && 'A withdrawal ends everything for its purpose, implied consent too: only what the person says themselves undoes it.'}</p>
    </div>
  )
}
