import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { api, held, items } from '../api/client'
import { Failure } from '../page/Failure'
import { standing } from '../requests/RequestTable'
import { Due } from '../time/Due'
import { rights } from '../words/cases'
import { count, word } from '../words/words'
import classes from './Search.module.css'

interface Question {
  reference?: string
  email?: string
  phone?: string
  name?: string
}

/** Sees from its form what somebody searches by. */
export function questionOf(text: string): [question: Question, kind: string] | undefined {
  const t = text.trim()
  if (t === '') return undefined
  if (/^[a-z]{2}-[0-9a-z]{4}-[0-9a-z]{4}$/i.test(t)) return [{ reference: t }, 'the reference']
  if (t.includes('@')) return [{ email: t }, 'the e-mail address']
  if (/^[+(]?[\d][\d\s()/.-]{4,}$/.test(t)) return [{ phone: t }, 'the telephone number']
  return [{ name: t }, 'the words of a name']
}

/** Search over all requests. Nothing of the question gets into an address or a list of earlier searches. */
export function Search({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const asked = questionOf(text)
  const search = useMutation({ mutationFn: (question: Question) => held(api.POST('/v1/requests/search', { body: { ...question, limit: 50 } })) })
  const found = search.data && items(search.data)
  return (
    <Modal opened onClose={onClose} title="Search" size={640} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (asked) search.mutate(asked[0]) }}>
        <div className={classes.question}>
          <TextInput label="Reference, whole e-mail address or telephone number, or words of the name" autoComplete="off" spellCheck={false} autoFocus data-autofocus maxLength={254}
            value={text} onChange={(e) => { setText(e.currentTarget.value); search.reset() }} />
          <Button type="submit" disabled={!asked} loading={search.isPending}>Search</Button>
        </div>
        <p className={classes.note}>
          {asked && !asked[0].reference ? `Searches by ${asked[1]}. Searching for a person is recorded.` : asked ? 'Searches by the reference.' : 'A reference looks like AR-7KQ2-M9XD. Searching for a person is recorded.'}
        </p>
      </form>
      <div aria-live="polite">
        {search.error && <Failure error={search.error} />}
        {found?.length === 0 && <p>Nothing fits. E-mail addresses and numbers must be whole; words of a name may be in any order.</p>}
        {found && found.length > 0 && <p className={classes.note}>{count(found.length, 'request')} found</p>}
      </div>
      <ul className={classes.found}>
        {found?.map((r) => (
          <li key={r.id}>
            <Link to="/requests/$id" params={{ id: r.id }} search={{}} onClick={onClose} className={classes.row}>
              <span className="reference">{r.reference}</span>
              <span>{word(rights, r.right)}</span>
              <span className="dim">{standing(r)}</span>
              <span className={classes.due}>{r.next_due ? <Due due={r.next_due} /> : null}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Modal>
  )
}
