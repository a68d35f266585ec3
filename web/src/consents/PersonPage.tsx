import { Button, Select, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { useState } from 'react'

import { items } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Waiting } from '../page/Waiting'
import { CameBack } from '../limits/CameBack'
import { Answer as LimitAnswer } from '../limits/UseCheck'
import { useMay } from '../session/session'
import { addressKinds } from '../words/consents'
import { Ask } from './Ask'
import { choices } from './choices'
import classes from './consents.module.css'
import { Documents } from './Documents'
import { History } from './History'
import { Links } from './Links'
import { lookUp, personOf, type Found, type Then } from './lookUp'
import { purposesQuery, type Purpose, type Who } from './queries'
import { Record } from './Record'
import { Stands } from './Stands'

/** One address: what stands, what happened, what may be sent. What is typed and what is found is forgotten with the screen. */
export function PersonPage() {
  const may = useMay()
  const purposes = useQuery(purposesQuery)
  const [who, setWho] = useState<Who>({ address: '', channel: 'email' })
  const known = items(purposes.data)
  const read = useMutation({ gcTime: 0, mutationFn: ({ of, then }: { of: Who; then: Then }) => lookUp(of, then, known, may('check-use')) })
  const [shown, show] = useState<Found>()
  const look = (of: Who, then: Then) => read.mutate({ of, then }, { onSuccess: show })
  const change = (part: Partial<Who>) => { setWho((old) => ({ ...old, ...part })); show(undefined); read.reset() } // what is shown is of who was asked about
  if (!may('get-consents')) return <Navigate to="/consents/purposes" replace />
  return (
    <>
      <form className={classes.lookUp} autoComplete="off" onSubmit={(e) => { e.preventDefault(); look({ ...who, address: who.address.trim() }, {}) }}>
        <Select label="Look up by" data={choices(addressKinds)} value={who.channel} onChange={(v) => change({ channel: (v ?? 'email') as Who['channel'] })} />
        <TextInput label={addressKinds[who.channel]} className={classes.address} placeholder="Exactly, from beginning to end" maxLength={320} autoComplete="off" spellCheck={false} data-autofocus value={who.address} onChange={(e) => change({ address: e.currentTarget.value })} />
        <Button type="submit" disabled={who.address.trim() === '' || !purposes.data} loading={read.isPending}>Look up</Button>
      </form>
      <p className={classes.note}>That it is read is put on record, and who read it. The address is sent in the question alone: it stands in no link, and is forgotten when you leave this screen.</p>
      {purposes.error && <Failure error={purposes.error} retry={() => void purposes.refetch()} />}
      {read.error && <Failure error={read.error} />}
      {read.isPending && !shown && <Waiting lines={6} height={56} />}
      {shown && <One found={shown} purposes={known} busy={read.isPending} look={(then) => look(shown.who, then)} />}
    </>
  )
}

interface OneProps {
  found: Found
  purposes: Purpose[]
  busy: boolean
  look: (then: Then) => void
}

function One({ found, purposes, busy, look }: OneProps) {
  const may = useMay()
  const { who, person } = found
  return (
    <div className={classes.person} data-stale={busy || undefined}>
      <div className={classes.acts} role="group" aria-label="Acts">
        {may('record-consents') && <Record who={who} purposes={purposes} done={() => look(found.then)} />}
        {person && may('export-consents') && <Documents who={who} />}
        {may('make-consent-links') && <Links who={who} purposes={purposes} />}
      </div>
      {person ? <Stands found={found} person={person} purposes={purposes} look={look} /> : <Panel title="What stands"><Empty title="The ledger knows nothing of this address">It has never been recorded, or it was forgotten. The laws of some countries allow a message all the same: ask below.</Empty></Panel>}
      <div className={classes.beside}>
        {may('check-consent') && <Ask key={who.address} who={who} purposes={purposes} />}
        {found.limits && <Panel title="Limits and suppressions"><p className={classes.note}>May their address be used for direct marketing at all? An objection, a restriction, and the suppression of somebody who was erased stand against it, whatever they agreed to before.</p><LimitAnswer decision={found.limits} />{found.limits.blocks?.some((b) => b.kind === 'suppression') && <CameBack person={personOf(who)} done={() => look(found.then)} />}</Panel>}
      </div>
      {person && <History person={person} purposes={purposes} />}
    </div>
  )
}
