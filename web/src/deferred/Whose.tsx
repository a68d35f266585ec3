import { Button, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { dayInWords } from '../erasure/days'
import { recipientsQuery, type Recipient } from '../erasure/queries'
import { Tell } from '../erasure/Tell'
import { Facts } from '../page/Facts'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { Copied } from '../request/Copied'
import { useStaff } from '../requests/staff'
import { useMay } from '../session/session'
import { Day } from '../time/Moment'
import classes from './deferred.module.css'
import { whoseQuery, type Deferred } from './queries'

/** Whose rows are kept, and what people are asked to erase of them. That it was looked at is recorded. */
export function Whose({ line, onClose }: { line: Deferred; onClose: () => void }) {
  const answer = useQuery(whoseQuery(line.id))
  const queries = useQueryClient()
  const [telling, setTelling] = useState<Recipient>()
  const shown = answer.data
  if (telling) return <Tell request={line.request} recipient={telling} noNotes onClose={() => { setTelling(undefined); void queries.invalidateQueries({ queryKey: ['deferred'] }) }} />
  return (
    <Modal opened onClose={onClose} title={`What ${line.reference} keeps`} size={640} closeButtonProps={{ 'aria-label': 'Close' }}>
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {answer.isPending && <Waiting lines={3} height={30} />}
      {shown && (
        <Copied id={line.request} kind="person">
          <p className="dim" style={{ marginTop: 0 }}>That you looked is recorded, and what you copy.</p>
          {shown.person ? <Facts facts={[['E-mail', shown.person.email], ['Telephone', shown.person.phone], ['Customer', shown.person.customer_id]]} /> : <p>All of it is erased, and nothing says any more whose it was.</p>}
          <ByHand line={line} asked={shown.by_hand ?? []} />
          {line.to_tell > 0 && <ToTell line={line} tell={setTelling} />}
        </Copied>
      )}
    </Modal>
  )
}

type Asked = Schemas['AskedByHand']

function ByHand({ line, asked }: { line: Deferred; asked: Asked[] }) {
  if (asked.length === 0) return null
  return (
    <>
      <h3 className={classes.sub}>Asked of people</h3>
      <ul className={classes.asks}>{asked.map((a) => <One key={a.system} line={line} asked={a} />)}</ul>
    </>
  )
}

function One({ line, asked: a }: { line: Deferred; asked: Asked }) {
  const may = useMay()
  const { nameOf } = useStaff()
  const queries = useQueryClient()
  const name = (line.kept ?? []).find((k) => k.system === a.system)?.name ?? a.system
  const say = useMutation({
    mutationFn: () => held(api.POST('/v1/deferred-erasures/{id}/by-hand', { params: { path: { id: line.id } }, body: { system: a.system } })),
    onSuccess: (now) => { queries.setQueryData(whoseQuery(line.id).queryKey, now); void queries.invalidateQueries({ queryKey: ['deferred'] }) },
  })
  return (
    <li>
      <strong>{name}</strong>: what had come to its end by {dayInWords(a.through)}. {a.open ? a.problem : <>Erased by hand{a.done_at && <> on <Day at={a.done_at} /></>}, by {nameOf(a.done_by) ?? 'a program or somebody else'}.</>}
      {say.error && <Failure error={say.error} />}
      {a.open && may('erased-later-by-hand') && <div><Button mt={8} size="xs" variant="default" loading={say.isPending} onClick={() => say.mutate()} aria-label={`It was erased by hand in ${name}`}>It was erased by hand</Button></div>}
    </li>
  )
}

/** Whom the staff tell in the name of a request that is forgotten (Art. 19 GDPR). */
function ToTell({ line, tell }: { line: Deferred; tell: (recipient: Recipient) => void }) {
  const may = useMay()
  const answer = useQuery({ ...recipientsQuery(line.request), enabled: may('list-recipients') })
  const open = (answer.data ?? []).filter((r) => r.state === 'to_tell')
  if (!answer.error && open.length === 0) return null
  return (
    <>
      <h3 className={classes.sub}>To be told that it is erased</h3>
      {answer.error && <Failure error={answer.error} />}
      <ul className={classes.asks}>
        {open.map((r) => (
          <li key={r.id}>
            <strong>{r.recipient}</strong> was given {(r.categories ?? []).join(', ')} from {r.system}.
            {may('tell-recipient') && <div><Button mt={8} size="xs" variant="default" onClick={() => tell(r)} aria-label={`Say how far it was told: ${r.recipient}`}>Say how far it was told</Button></div>}
          </li>
        ))}
      </ul>
    </>
  )
}
