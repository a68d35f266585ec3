import { Button, Group, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { IconArrowLeft } from '@tabler/icons-react'
import { useState } from 'react'

import { items } from '../api/client'
import { Empty } from '../page/Empty'
import { Facts } from '../page/Facts'
import { Failure } from '../page/Failure'
import page from '../page/page.module.css'
import { Panel } from '../page/Panel'
import { Printed } from '../page/Printed'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Due } from '../time/Due'
import { Ago, Day } from '../time/Moment'
import { channels, receiverKinds } from '../words/consents'
import { count, word } from '../words/words'
import classes from './consents.module.css'
import { Handovers } from './Handovers'
import { purposesQuery, titleOf } from './queries'
import { NewSecret, RetireReceiver } from './ReceiverActs'
import { ReceiverForm } from './ReceiverForm'
import { handoversQuery, mostDays, owedOf, receiversQuery, remedyOf, riskOfHandover, useTestReceiver, type Owed, type Receiver } from './receivers'
import { Stand } from './ReceiversPage'

const route = getRouteApi('/inside/consents/receivers/$id')

/** One system that writes to people: what it has yet to confirm, until when and by which law, and why it does not. */
export function ReceiverPage() {
  const { id } = route.useParams()
  const answer = useQuery(receiversQuery)
  const open = useQuery(handoversQuery(id, false))
  const error = answer.error ?? open.error
  const receiver = items(answer.data).find((r) => r.id === id)
  return (
    <>
      <Link to="/consents/receivers" className={page.back}><IconArrowLeft size={16} aria-hidden /> Other systems</Link>
      {(answer.isPending || open.isPending) && !error && <Waiting lines={6} />}
      {error && <Failure error={error} retry={() => { void answer.refetch(); void open.refetch() }} />}
      {answer.data && !receiver && <Empty title="There is no such system" action={<Link to="/consents/receivers">All systems</Link>}>It may belong to another tenant.</Empty>}
      {receiver && open.data && <One of={receiver} owed={owedOf(items(open.data))} />}
    </>
  )
}

function One({ of: r, owed }: { of: Receiver; owed: Owed }) {
  return (
    <>
      <Printed what={`What ${r.name} has to confirm`} />
      <h2 className={classes.importName}>{r.name} <Stand of={r} owed={owed} /></h2>
      <HowFar of={r} owed={owed} />
      <Trouble of={r} owed={owed} />
      <Acts of={r} owed={owed} />
      <Days of={r} />
      <What of={r} />
    </>
  )
}

/** Where it stands, in sentences. */
function HowFar({ of: r, owed }: { of: Receiver; owed: Owed }) {
  const since = r.taken_at ? <>It last confirmed something <Ago at={r.taken_at} />.</> : <>It has confirmed nothing since it was added <Ago at={r.created_at} />.</>
  if (!r.active) return <p>It writes to nobody any more{r.retired_at && <>, since <Day at={r.retired_at} /></>}: it hears of nothing, and owes nothing.</p>
  if (!owed.next) return <p role="status">Nothing waits for its confirmation. {r.taken_at ? since : 'Nothing has come in for it yet.'}</p>
  return (
    <p role="status">
      {count(owed.left, 'withdrawal')} of {count(owed.days, 'day')} {owed.left === 1 ? 'waits' : 'wait'} for its confirmation. The nearest time: <Due due={owed.next.due} risk={riskOfHandover(owed.next.state)} />. {since}
    </p>
  )
}

/** Why it has not confirmed, and what to do. Of one that asks by itself nothing is known but that it has not. */
function Trouble({ of: r, owed }: { of: Receiver; owed: Owed }) {
  const late = owed.overdue > 0 ? ' Its time is over: until it has stopped, stop what it sends by hand.' : ''
  if (!r.active || (r.kind === 'pull' ? !owed.half && owed.overdue === 0 : !r.tries)) return null
  if (r.kind === 'pull') {
    return (
      <div className={classes.trouble} data-over={owed.overdue > 0 || undefined}>
        <p><strong>{owed.overdue > 0 ? 'It has not confirmed in time.' : 'It has not confirmed, and half of the time is gone.'}</strong> It asks by itself, so that it can’t be told from here.{late}</p>
        <p>See that the program which reads the feed runs, that it confirms what it has done, and that its key has not ended or been revoked (<Link to="/settings/keys">API keys</Link>).</p>
      </div>
    )
  }
  return (
    <div className={classes.trouble} data-over={owed.overdue > 0 || undefined}>
      <p><strong>It did not take what it was told, {count(r.tries ?? 0, 'time')} in a row.</strong>{late}</p>
      <p>{remedyOf(r)}</p>
      <p className="dim">What it said last: <code>{r.problem}</code>. {r.next_try_at && <>It is tried again by itself <Due due={r.next_try_at} risk="track" />, and at once when it is changed.</>}</p>
    </div>
  )
}

function Acts({ of: r, owed }: { of: Receiver; owed: Owed }) {
  const may = useMay()
  const [open, setOpen] = useState<'change' | 'secret' | 'retire'>()
  const test = useTestReceiver(r.id)
  const close = () => setOpen(undefined)
  if (!r.active) return null
  return (
    <>
      <Group gap="xs" my="md" className="screen-only">
        {r.kind !== 'pull' && may('test-consent-receiver') && <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>Try whether it can be told</Button>}
        {may('change-consent-receiver') && <Button size="xs" variant="default" onClick={() => setOpen('change')}>Change</Button>}
        {r.kind === 'http' && may('replace-receiver-secret') && <Button size="xs" variant="default" onClick={() => setOpen('secret')}>Replace the secret</Button>}
        {may('retire-consent-receiver') && <Button size="xs" variant="default" onClick={() => setOpen('retire')}>Retire it</Button>}
      </Group>
      <div role="status">{test.data && <Tried of={r} ok={test.data.ok} problem={test.data.problem} />}</div>
      {test.error && <Failure error={test.error} />}
      {open === 'change' && <ReceiverForm receiver={r} onClose={close} />}
      {open === 'secret' && <NewSecret receiver={r} onClose={close} />}
      {open === 'retire' && <RetireReceiver receiver={r} owed={owed} onClose={close} />}
    </>
  )
}

function Tried({ of: r, ok, problem }: { of: Receiver; ok: boolean; problem?: string }) {
  if (ok) return <p>It can be told: it took a message that is about nobody.</p>
  return <p>It can’t be told: <code>{problem}</code>. {remedyOf({ ...r, problem })}</p>
}

/** What it owes by day, and what it owed. */
function Days({ of: r }: { of: Receiver }) {
  const [all, setAll] = useState(!r.active)
  const answer = useQuery(handoversQuery(r.id, all))
  const days = answer.data && items(answer.data)
  return (
    <Panel title="What it has to confirm, by day" actions={r.active && <Switch size="xs" className="screen-only" label="Also what is confirmed" checked={all} onChange={(e) => setAll(e.currentTarget.checked)} />}>
      <p className={classes.note}>What came to be known on one day by the clock of {r.zone} is confirmed together. The earliest time counts of all laws that may be those of the people; open a day to see them.</p>
      {answer.isPending && <Waiting lines={3} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {days?.length === 0 && <p className="dim">{all ? 'No withdrawal has come in for it yet.' : 'Nothing is open.'}</p>}
      {days && days.length > 0 && <Handovers handovers={days} />}
      {days?.length === mostDays && all && <p className="dim">These are the newest {mostDays} days.</p>}
    </Panel>
  )
}

function What({ of: r }: { of: Receiver }) {
  const may = useMay()
  const purposes = useQuery({ ...purposesQuery, enabled: may('list-consent-purposes') })
  const titles = r.purposes.map((key) => titleOf(items(purposes.data), key))
  return (
    <Panel title="The system">
      <Facts wide facts={[
        ['How it hears', word(receiverKinds, r.kind)], ['Address', r.url], ['API user', r.login], ['Channels', r.channels.map((c) => word(channels, c)).join(', ')], ['Purposes', titles.length > 0 ? titles.join(', ') : 'All'],
        ['Added', <Day key="added" at={r.created_at} />], ['Last confirmed', r.taken_at && <Ago key="taken" at={r.taken_at} />],
        ['Reads from', r.kind === 'pull' && r.active ? <code key="feed">GET /v1/consent/receivers/{r.id}/changes</code> : undefined],
      ]} />
    </Panel>
  )
}
