import { Button, Checkbox, Group, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { asProblem } from '../api/problem'
import { newKey } from '../api/transport'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { useStaff } from '../requests/staff'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { reasonAgainst, type Standing } from './commands/allowed'
import { commandNamed } from './commands/catalogue'
import { caseTasksQuery, conversationQuery } from './queries'
import { Recorded } from './Recorded'
import classes from './request.module.css'

type Entry = Schemas['EntryView']

/** What the person and staff wrote to each other, and a place to write. */
export function Conversation({ at }: { at: Standing }) {
  const may = useMay()
  return (
    <>
      <Recorded id={at.detail.id} kind="conversation" button="Read the conversation" what="These are the person’s own words, so that you read them is recorded.">{() => <Shown id={at.detail.id} />}</Recorded>
      {may('write-message') && <Write key={at.detail.id} at={at} />}
    </>
  )
}

function Shown({ id }: { id: string }) {
  const may = useMay()
  const answer = useQuery(conversationQuery(id))
  const tasks = useQuery(caseTasksQuery(id))
  const queries = useQueryClient()
  const again = () => { for (const queryKey of [['looked-at', id, 'conversation'], ['request', id], ['tasks']]) void queries.invalidateQueries({ queryKey }) }
  const read = useMutation({ mutationFn: () => held(api.POST('/v1/requests/{id}/conversation/read', { params: { path: { id } } })), onSuccess: again })
  if (answer.error) {
    if (asProblem(answer.error).status === 410) return <p className="dim">The conversation was destroyed on schedule.</p>
    return <Failure error={answer.error} retry={() => void answer.refetch()} />
  }
  if (!answer.data) return <Waiting lines={4} />
  const entries = items(answer.data)
  const unread = entries.some((e) => e.sender === 'person' && !e.read_at)
  const asked = items(tasks.data).find((t) => t.kind === 'message' && t.state === 'open')
  if (entries.length === 0 && !asked) return <Empty title="Nobody has written yet">What you write here the person reads on their page, behind a code that is sent to their mailbox.</Empty>
  return (
    <>
      <ol className={classes.talk}>{entries.map((e) => <OneEntry key={e.id} entry={e} />)}</ol>
      <Group gap="xs" mb="sm">
        {asked && !unread && <Button size="xs" variant="default" onClick={() => void answer.refetch()}>The person has written: read it anew</Button>}
        {unread && may('read-conversation') && <Button size="xs" variant="default" loading={read.isPending} onClick={() => read.mutate()}>I have read it</Button>}
      </Group>
      {read.error && <Failure error={read.error} />}
    </>
  )
}

const kinds: Record<string, string> = { question: ', a question', answer: ', an answer' }

function OneEntry({ entry: e }: { entry: Entry }) {
  const { nameOf } = useStaff()
  const person = e.sender === 'person'
  return (
    <li className={classes.said} data-sender={e.sender}>
      <p className={classes.noteHead}>
        {person ? 'The person' : nameOf(e.author) ?? 'a program'}{kinds[e.kind]}, <Ago at={e.at} />
        {e.read_at ? <>, read <Ago at={e.read_at} /></> : person ? <strong>, not read yet</strong> : ', not read yet'}
      </p>
      <p className={classes.noteText}>{e.text}</p>
    </li>
  )
}

/** A message, or a question that the clock waits for where the law allows it. */
function Write({ at }: { at: Standing }) {
  const id = at.detail.id
  const may = useMay()
  const queries = useQueryClient()
  const [text, setText] = useState('')
  const [question, setQuestion] = useState(false)
  const [key, setKey] = useState(newKey)
  const ask = commandNamed('ask-clarification', at.detail.right)
  const against = ask && reasonAgainst(ask, at)
  const write = useMutation({
    mutationFn: async () => {
      const params = { path: { id }, header: { 'Idempotency-Key': key } }
      if (question) await held(api.POST('/v1/requests/{id}/ask-clarification', { params, body: { question: text.trim() } }))
      else await held(api.POST('/v1/requests/{id}/conversation', { params, body: { text: text.trim() } }))
    },
    onSuccess: () => {
      setText('')
      setQuestion(false)
      setKey(newKey())
      for (const queryKey of [['looked-at', id, 'conversation'], ['request', id], ['requests'], ['obligations']]) void queries.invalidateQueries({ queryKey })
    },
  })
  return (
    <form className={classes.noteForm} onSubmit={(e) => { e.preventDefault(); write.mutate() }}>
      <Textarea label={question ? 'Your question to the person' : 'Write to the person'} description={question ? 'It goes out by letter, and they can answer on their page.' : 'They get a mail that there is a message, and read it behind a code.'} autosize minRows={3} maxRows={12} maxLength={10000} value={text}
        onChange={(e) => { setText(e.currentTarget.value); setKey(newKey()) }} />
      {may('ask-clarification') && (
        <Checkbox mt="xs" size="xs" checked={question} disabled={!!against} onChange={(e) => { setQuestion(e.currentTarget.checked); setKey(newKey()) }}
          label="It is a question that the request waits for" description={against ?? 'The clock stops until the answer is here, where the law allows it.'} />
      )}
      {write.error && <Failure error={write.error} />}
      <Group mt={8} gap="sm">
        <Button type="submit" size="xs" variant="default" disabled={text.trim() === ''} loading={write.isPending}>{question ? 'Ask the person' : 'Send the message'}</Button>
        {write.isSuccess && text === '' && <span role="status" className="dim">It is on its way.</span>}
      </Group>
    </form>
  )
}
