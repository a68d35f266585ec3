import { Button, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { Empty } from '../page/Empty'
import { Facts } from '../page/Facts'
import { Failure } from '../page/Failure'
import { Tag } from '../page/Tag'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { messages as names } from '../words/cases'
import { count, word } from '../words/words'
import { Copied } from './Copied'
import classes from './request.module.css'

type Line = Schemas['MessageLine']

const audiences: Record<string, string> = { subject: 'to the person', staff: 'to staff' }

/** What was written, to whom, and whether it arrived. */
export function Messages({ id, answer }: { id: string; answer: UseQueryResult<{ items: Line[] | null }> }) {
  const [opened, setOpened] = useState<Line>()
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting lines={4} />
  const lines = items(answer.data).slice().sort((a, b) => b.created_at.localeCompare(a.created_at))
  if (lines.length === 0) return <Empty title="Nothing was written yet">The confirmation of receipt goes out within seconds.</Empty>
  return (
    <>
      <ul className={classes.lines}>{lines.map((m) => <OneLine key={m.id} id={id} line={m} open={() => setOpened(m)} />)}</ul>
      {opened && <Letter id={id} line={opened} onClose={() => setOpened(undefined)} />}
    </>
  )
}

function OneLine({ id, line: m, open }: { id: string; line: Line; open: () => void }) {
  const may = useMay()
  return (
    <li className={classes.line}>
      <div className={classes.lineMain}>
        <span>{word(names, m.kind)} <span className="dim">{audiences[m.audience] ?? m.audience}, by {m.channel}</span></span>
        {m.state === 'failed' && <span className={classes.problem}>{m.last_error ?? 'It could not be delivered.'}</span>}
      </div>
      <span className={classes.lineState}>
        {m.state === 'sent' && m.sent_at ? <span className="dim">sent <Ago at={m.sent_at} /></span> : <Tag risk={m.state === 'failed' ? 'overdue' : undefined}>{m.state === 'failed' ? `Failed after ${count(m.attempts, 'try', 'tries')}` : 'Waiting'}</Tag>}
        {m.state === 'failed' && may('requeue-message') && <Requeue id={id} message={m.id} />}
        {may('get-message') && <Button size="compact-xs" variant="subtle" onClick={open} aria-label={`Read: ${word(names, m.kind)}`}>Read</Button>}
      </span>
    </li>
  )
}

function Requeue({ id, message }: { id: string; message: string }) {
  const queries = useQueryClient()
  const again = useMutation({
    mutationFn: () => held(api.POST('/v1/requests/{id}/messages/{message}/requeue', { params: { path: { id, message } } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['request', id] }),
  })
  return (
    <>
      <Button size="compact-xs" variant="default" loading={again.isPending} onClick={() => again.mutate()}>Send again</Button>
      {again.error && <Failure error={again.error} />}
    </>
  )
}

function Letter({ id, line, onClose }: { id: string; line: Line; onClose: () => void }) {
  const letter = useQuery({
    queryKey: ['looked-at', id, 'message', line.id], staleTime: Infinity, gcTime: 0,
    queryFn: () => held(api.GET('/v1/requests/{id}/messages/{message}', { params: { path: { id, message: line.id } } })),
  })
  return (
    <Modal opened onClose={onClose} title={word(names, line.kind)} size={680} closeButtonProps={{ 'aria-label': 'Close' }}>
      <p className="dim" style={{ marginTop: 0 }}>That you read it is recorded.</p>
      {letter.error && <Failure error={letter.error} retry={() => void letter.refetch()} />}
      {letter.isPending && <Waiting lines={6} height={24} />}
      {letter.data && (
        <Copied id={id} kind="message">
          <Facts facts={[['To', letter.data.to], ['Subject', letter.data.subject]]} />
          <pre className={classes.letter}>{letter.data.text}</pre>
        </Copied>
      )}
    </Modal>
  )
}
