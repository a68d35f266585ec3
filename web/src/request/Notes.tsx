import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { useStaff } from '../requests/staff'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { plain } from '../words/words'
import { notesQuery } from './queries'
import { Recorded } from './Recorded'
import classes from './request.module.css'

export function Notes({ id }: { id: string }) {
  const may = useMay()
  return (
    <>
      {may('add-note') && <NewNote id={id} />}
      <Recorded id={id} kind="notes" button="Read the notes" what="Notes may name the person, so that you read them is recorded.">{() => <Shown id={id} />}</Recorded>
    </>
  )
}

function NewNote({ id }: { id: string }) {
  const [text, setText] = useState('')
  const [key, setKey] = useState(newKey)
  const queries = useQueryClient()
  const add = useMutation({
    mutationFn: () => held(api.POST('/v1/requests/{id}/notes', { params: { path: { id }, header: { 'Idempotency-Key': key } }, body: { text } })),
    onSuccess: () => {
      setText('')
      setKey(newKey())
      void queries.invalidateQueries({ queryKey: ['looked-at', id, 'notes'] })
      void queries.invalidateQueries({ queryKey: ['request', id] })
    },
  })
  return (
    <form className={classes.noteForm} onSubmit={(e) => { e.preventDefault(); add.mutate() }}>
      <Textarea aria-label="New note" placeholder="What the next person should know" autosize minRows={2} maxRows={10} maxLength={20000} value={text}
        onChange={(e) => { setText(e.currentTarget.value); setKey(newKey()) }} />
      {add.error && <Failure error={add.error} />}
      <Button type="submit" size="xs" variant="default" mt={8} disabled={text.trim() === ''} loading={add.isPending}>Add the note</Button>
    </form>
  )
}

function Shown({ id }: { id: string }) {
  const notes = useQuery(notesQuery(id))
  if (notes.error) return <Failure error={notes.error} retry={() => void notes.refetch()} />
  if (!notes.data) return <Waiting lines={3} />
  const all = items(notes.data).slice().sort((a, b) => b.at.localeCompare(a.at))
  if (all.length === 0) return <p className="dim">Nobody has written a note yet.</p>
  return <ul className={classes.notes}>{all.map((n) => <OneNote key={n.id} note={n} />)}</ul>
}

function OneNote({ note }: { note: Schemas['NoteView'] }) {
  const { nameOf } = useStaff()
  return (
    <li className={classes.note}>
      <p className={classes.noteHead}>{nameOf(note.author) ?? 'a program or the person'} · <Ago at={note.at} />{note.kind !== 'note' && ` · ${plain(note.kind)}`}</p>
      <p className={classes.noteText}>{note.text}</p>
    </li>
  )
}
