import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { items } from '../api/client'
import { Appeals } from '../appeals/Appeals'
import { appealable, appealed } from '../appeals/queries'
import { Corrections } from '../corrections/Corrections'
import { Decision } from '../decisions/Decision'
import { Plan } from '../erasure/Plan'
import { Inquiries } from '../inquiries/Inquiries'
import { Limits } from '../limits/Limits'
import { useMay } from '../session/session'
import { Links } from '../transmissions/Links'
import { Transmissions } from '../transmissions/Transmissions'
import { workOf } from '../words/cases'
import type { Standing } from './commands/allowed'
import { Conversation } from './Conversation'
import { Documents } from './Documents'
import { Messages } from './Messages'
import { Notes } from './Notes'
import { Packages } from './Packages'
import { documentsQuery, messagesQuery } from './queries'
import { Review } from './Review'
import { Timeline } from './Timeline'

/** What happened, what was written, what goes out. */
export function File({ at }: { at: Standing }) {
  const { id, state, right } = at.detail
  const work = workOf(right)
  const [chosen, setChosen] = useState<string>()
  const may = useMay()
  const messages = useQuery(messagesQuery(id))
  const documents = useQuery(documentsQuery(id))
  const failed = items(messages.data).filter((m) => m.state === 'failed').length
  const parts = [
    { value: 'timeline', label: 'Timeline', show: true, part: <Timeline id={id} reference={at.detail.reference} state={state} right={right} /> },
    { value: 'plan', label: 'Plan', show: !!at.erasure, part: at.erasure && <Plan detail={at.detail} erasure={at.erasure} /> },
    { value: 'corrections', label: 'Corrections', show: work === 'corrections', part: <Corrections at={at} /> },
    { value: 'decision', label: 'Decision', show: work === 'decision', part: <Decision at={at} /> },
    { value: 'limits', label: 'Limits', show: work === 'limits', part: <Limits at={at} /> },
    { value: 'appeals', label: 'Appeals', show: may('list-appeals') && (appealed(at) || appealable(at) && state === 'closed'), part: <Appeals at={at} /> },
    { value: 'inquiries', label: asked(at.detail.inquiries?.open ?? 0), show: !!at.detail.inquiries && may('list-inquiries'), part: <Inquiries at={at} /> },
    { value: 'review', label: 'Review', show: work === 'answer' && may('list-redactions'), part: <Review at={at} /> },
    { value: 'package', label: counted('Package', at.packages.length), show: work === 'answer', part: <Packages packages={at.packages} /> },
    { value: 'transmissions', label: 'Sent on', show: right === 'portability' && at.packages.length > 0 && may('list-transmissions'), part: <><Transmissions at={at} /><Links at={at} /></> },
    { value: 'conversation', label: 'Conversation', show: may('get-conversation'), part: <Conversation at={at} /> },
    { value: 'messages', label: failed > 0 ? `Letters, ${failed} failed` : counted('Letters', items(messages.data).length), show: true, part: <Messages id={id} answer={messages} /> },
    { value: 'notes', label: 'Notes', show: may('list-notes'), part: <Notes id={id} /> },
    { value: 'documents', label: counted('Documents', items(documents.data).length), show: true, part: <Documents id={id} answer={documents} /> },
  ].filter((p) => p.show)
  const first = waiting(at, may('list-redactions'))
  return (
    <Tabs value={parts.some((p) => p.value === chosen) ? chosen : first} onChange={(tab) => setChosen(tab ?? undefined)} keepMounted={false}>
      <Tabs.List>{parts.map((p) => <Tabs.Tab key={p.value} value={p.value} px={6}>{p.label}</Tabs.Tab>)}</Tabs.List>
      {parts.map((p) => <Tabs.Panel key={p.value} value={p.value} pt="xs">{p.part}</Tabs.Panel>)}
    </Tabs>
  )
}

/** What waits to be looked at: it stands open until another part is chosen. */
function waiting({ detail: { right, state }, erasure }: Standing, reviews: boolean): string {
  const work = workOf(right)
  if (work === 'limits') return 'limits'
  if ((work === 'decision' || work === 'corrections') && !['received', 'verifying'].includes(state)) return work
  if (erasure && state !== 'closed') return 'plan'
  return state === 'reviewing' && work === 'answer' && reviews ? 'review' : 'timeline'
}

function counted(name: string, n: number): string {
  return n > 0 ? `${name} ${n}` : name
}

const asked = (open: number) => (open > 0 ? `Asked of others, ${open} open` : 'Asked of others')
