import { Button, Checkbox, Group, Modal, Select, TextInput } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Day } from '../time/Moment'
import { bases, blockReasons, limitExplained, limitKinds, operations, purposes } from '../words/limits'
import { word } from '../words/words'
import { CameBack } from './CameBack'
import classes from './limits.module.css'

type Body = Schemas['UseInBody']

const empty = { email: '', phone: '', customer_id: '', purpose: '', basis: '', operation: '', sensitive: false }
type Draft = typeof empty

const choices = (of: Record<string, string>) => Object.entries(of).map(([value, label]) => ({ value, label }))

/** What was filled in, as the API asks for it. */
function toBody(d: Draft): Body {
  const { email, phone, customer_id } = d
  return {
    person: Object.fromEntries(Object.entries({ email, phone, customer_id }).filter(([, v]) => v.trim() !== '').map(([k, v]) => [k, v.trim()])),
    purpose: d.purpose as Body['purpose'],
    ...(d.basis ? { basis: d.basis as Body['basis'] } : {}),
    ...(d.operation ? { operation: d.operation as Body['operation'] } : {}),
    ...(d.sensitive ? { sensitive: true } : {}),
  }
}

/** Asks whether data of a person may be used so now. What is typed goes into the question, and is forgotten with the form. */
export function UseCheck({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState(empty)
  const check = useMutation({ gcTime: 0, mutationFn: (body: Body) => held(api.POST('/v1/use-checks', { body })) })
  const set = (part: Partial<Draft>) => { setDraft((old) => ({ ...old, ...part })); check.reset() } // an answer is of what was asked
  const known = draft.email.trim() || draft.phone.trim() || draft.customer_id.trim()
  return (
    <Modal opened onClose={onClose} title="May we use this?" size={680} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form autoComplete="off" onSubmit={(e) => { e.preventDefault(); check.mutate(toBody(draft)) }}>
        <p style={{ marginTop: 0 }}>All that you know the person by: a limit that is found by one of them counts. Nothing that you type is kept.</p>
        <div className={classes.grid}>
          <TextInput label="E-mail" type="email" maxLength={320} autoComplete="off" data-autofocus value={draft.email} onChange={(e) => set({ email: e.currentTarget.value })} />
          <TextInput label="Telephone" maxLength={40} autoComplete="off" value={draft.phone} onChange={(e) => set({ phone: e.currentTarget.value })} />
          <TextInput label="Customer number" maxLength={200} autoComplete="off" value={draft.customer_id} onChange={(e) => set({ customer_id: e.currentTarget.value })} />
          <Select label="What for" required data={choices(purposes)} value={draft.purpose || null} onChange={(v) => set({ purpose: v ?? '' })} />
          <Select label="Lawful basis" description="A letter of Art. 6(1) GDPR." placeholder="Not known" clearable data={choices(bases)} value={draft.basis || null} onChange={(v) => set({ basis: v ?? '' })} />
          <Select label="Is it one of these" description="Art. 18(2) GDPR lets them through." placeholder="None of them" clearable data={choices(operations)} value={draft.operation || null} onChange={(v) => set({ operation: v ?? '' })} />
          <Checkbox className={classes.wide} label="It is sensitive data" checked={draft.sensitive} onChange={(e) => set({ sensitive: e.currentTarget.checked })} />
        </div>
        {check.error && <Failure error={check.error} />}
        {check.data && <Answer decision={check.data} />}
        {check.data?.blocks?.some((b) => b.kind === 'suppression') && <CameBack person={toBody(draft).person} done={() => check.mutate(toBody(draft))} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Close</Button>
          <Button type="submit" disabled={!known || !draft.purpose} loading={check.isPending}>Ask</Button>
        </Group>
      </form>
    </Modal>
  )
}

/** Whether something may be done, and what stands against it. */
export function Answer({ decision: { allowed, blocks } }: { decision: Schemas['UseDecision'] }) {
  const told = useRef<HTMLDivElement>(null)
  useEffect(() => { void told.current?.scrollIntoView({ block: 'nearest' }) }, []) // on a telephone it stands below the form; some browsers answer with a promise, which is no cleaning up
  const Icon = allowed ? IconCircleCheck : IconCircleX
  return (
    <div className={classes.answer} ref={told} role="status">
      <p className={classes.verdict}><Icon size={32} stroke={1.6} aria-hidden /> {allowed ? 'Yes' : 'No'}</p>
      {allowed && <p style={{ margin: '4px 0 0' }}>No limit stands against it now. Whether there is a lawful basis is for you to know. Ask again before the next use: it may change at any moment.</p>}
      <ul className={classes.reasons}>
        {(blocks ?? []).map((b, i) => (
          <li key={i}>
            <p><strong>{word({ ...limitKinds, suppression: 'Erased' }, b.kind)}.</strong> {blockReasons[b.why] ?? limitExplained[b.kind]}</p>
            <p className="dim">{b.citation}, since <Day at={b.since} />{b.provisional && ', while it is decided'}{b.ends_at && <>, until <Day at={b.ends_at} /></>}</p>
          </li>
        ))}
      </ul>
    </div>
  )
}
