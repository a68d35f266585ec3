import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { useZone } from '../session/session'
import { channels, channelsOf, messageClasses, messageLaws, reasons, remedies } from '../words/consents'
import { word } from '../words/words'
import { choices, countries, countryName, purposeChoices } from './choices'
import classes from './consents.module.css'
import type { Answer, Purpose, Who } from './queries'
import { becauseWords, dateOf, oftenWords, verdictWords } from './sentences'

type Body = Schemas['ConsentCheckInBody']

const empty = { purpose: '', channel: '', class: '', country: '', day: '', relevant: false, corporate: false, tracking: false }
type Draft = typeof empty

function toBody(who: Who, d: Draft): Body {
  return {
    address: who.address, purpose: d.purpose, channel: (d.channel || who.channel) as Body['channel'],
    ...(d.class ? { class: d.class as Body['class'] } : {}), ...(d.country ? { country: d.country } : {}), ...(d.day ? { day: d.day } : {}),
    ...(d.relevant ? { relevant_to_role: true } : {}), ...(d.corporate ? { corporate: true } : {}), ...(d.tracking ? { tracking: true } : {}),
  }
}

/** May a message be sent to them: one question, one answer, and what each law says. */
export function Ask({ who, purposes }: { who: Who; purposes: Purpose[] }) {
  const [draft, setDraft] = useState(empty)
  const check = useMutation({ gcTime: 0, mutationFn: (body: Body) => held(api.POST('/v1/consent/check', { body })) })
  const set = (part: Partial<Draft>) => { setDraft((old) => ({ ...old, ...part })); check.reset() } // an answer is of what was asked
  const channel = draft.channel || who.channel
  const own = channelsOf[who.channel] ?? [who.channel]
  return (
    <Panel title="May we send this to them?">
      <form className={classes.grid} onSubmit={(e) => { e.preventDefault(); check.mutate(toBody(who, draft)) }}>
        <Select label="What for" required placeholder={purposes.length === 0 ? 'There is no purpose yet' : 'Choose a purpose'} data={purposeChoices(purposes)} value={draft.purpose || null} onChange={(v) => set({ purpose: v ?? '' })} />
        {own.length > 1 && <Select label="As" data={own.map((value) => ({ value, label: word(channels, value) }))} value={channel} onChange={(v) => set({ channel: v ?? '' })} />}
        <Select label="What the message is" placeholder="As the purpose says" clearable data={choices(messageClasses)} value={draft.class || null} onChange={(v) => set({ class: v ?? '' })} />
        <Select label="Where it is read" placeholder="As far as it is known" clearable searchable data={countries} value={draft.country || null} onChange={(v) => set({ country: v ?? '' })} />
        <TextInput label="Day of sending" description="Empty: today." type="date" value={draft.day} onChange={(e) => set({ day: e.currentTarget.value })} />
        <div className={classes.checks}>
          <Checkbox label="It concerns their business or role" checked={draft.relevant} onChange={(e) => set({ relevant: e.currentTarget.checked })} />
          <Checkbox label="The subscriber is a company" checked={draft.corporate} onChange={(e) => set({ corporate: e.currentTarget.checked })} />
          <Checkbox label="May it be seen what is opened, too?" checked={draft.tracking} onChange={(e) => set({ tracking: e.currentTarget.checked })} />
        </div>
        <div className={classes.wide}><Button type="submit" disabled={!draft.purpose} loading={check.isPending}>Ask</Button></div>
      </form>
      {check.error && <Failure error={check.error} />}
      <div role="status">{check.data && <Verdict answer={check.data} channel={channel} />}</div>
    </Panel>
  )
}

function Verdict({ answer: a, channel }: { answer: Answer; channel: string }) {
  const zone = useZone()
  const Icon = a.allowed ? IconCircleCheck : IconCircleX
  return (
    <div className={classes.verdict} data-may={a.allowed ? 'yes' : 'no'}>
      <p className={classes.verdictWord}><Icon size={28} stroke={1.6} aria-hidden /> {a.allowed ? 'Yes' : 'No'}</p>
      <p><strong>{verdictWords(a, channel, false)}.</strong> {becauseWords(a, undefined, zone)}.</p>
      {a.frequency && <p>{oftenWords(a.frequency)}. Keeping to it is yours.</p>}
      {!a.allowed && (a.remedies?.length ?? 0) > 0 && <p>It would be a yes if {a.remedies?.map((r) => word(remedies, r)).join(', or if ')}.</p>}
      {a.tracking && <p>{a.tracking.allowed ? 'It may be seen what is opened and followed' : 'It may not be seen what is opened and followed'}: {word(reasons, a.tracking.reason)}{a.tracking.citation && `, ${a.tracking.citation}`}.</p>}
      <Laws answer={a} />
      <p className="dim">Ask again before each sending: it may change at any moment.</p>
    </div>
  )
}

function Laws({ answer: a }: { answer: Answer }) {
  if (a.laws.length === 0) return null
  return (
    <>
      <h3 className={classes.sub}>Law by law{a.country ? `, for ${countryName(a.country) ?? a.country}` : '. The country is not known, so each of them has to say yes'}</h3>
      <ul className={classes.laws}>
        {a.laws.map((l) => (
          <li key={l.law}>
            {l.allowed ? <IconCircleCheck size={16} aria-hidden /> : <IconCircleX size={16} aria-hidden />}
            <span><strong>{l.allowed ? 'Yes' : 'No'}</strong>, <span title={l.law}>{word(messageLaws, l.law.split('@')[0])}</span>: {word(reasons, l.reason)}{l.until && `, until ${dateOf(l.until)}`} <span className="dim">{l.citation}</span></span>
          </li>
        ))}
      </ul>
    </>
  )
}
