import { Button, Group, Modal, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'

import { api, held } from '../api/client'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import { useSession } from '../session/session'
import classes from './consents.module.css'
import type { Purpose, Text } from './queries'
import { languageName } from './Texts'

const Difference = lazy(() => import('./Difference').then((m) => ({ default: m.Difference })))

const newest = (p: Purpose, language: string) => p.texts.filter((t) => t.language === language).sort((a, b) => b.version - a.version)[0]

/** The language of one's own where there are words in it. */
const beginWith = (p: Purpose, own: string) => (newest(p, own) ? own : (p.texts[0]?.language ?? own))

/** The next version of the words in a language, with what people will see and what differs from before. */
export function AddText({ purpose: p, title, onClose }: { purpose: Purpose; title: string; onClose: () => void }) {
  const { tenant } = useSession()
  const queries = useQueryClient()
  const own = tenant?.language ?? 'en'
  const first = beginWith(p, own)
  const [draft, setDraft] = useState({ language: first, title: newest(p, first)?.title ?? '', body: newest(p, first)?.body ?? '' })
  const [key, setKey] = useState(newKey)
  const before = newest(p, draft.language)
  const set = (part: Partial<typeof draft>) => { setDraft((old) => ({ ...old, ...part })); setKey(newKey()) } // another act, so another key
  const same = before?.title === draft.title.trim() && before.body === draft.body.trim()
  const add = useMutation({
    mutationFn: () => held(api.POST('/v1/consent/purposes/{key}/texts', { params: { path: { key: p.key }, header: { 'Idempotency-Key': key } }, body: { language: draft.language, title: draft.title.trim(), body: draft.body.trim() } })),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['consent-purposes'] }); onClose() },
  })
  const fits = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(draft.language)
  return (
    <Modal opened onClose={onClose} title={`New words for “${title}”`} size={760} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); add.mutate() }}>
        <TextInput label="Language" description={fits ? `${languageName(draft.language)}: ${before ? `version ${before.version + 1}` : 'the first version'}` : 'As en or pt-BR.'} required data-autofocus maxLength={35} spellCheck={false} value={draft.language} onChange={(e) => set({ language: e.currentTarget.value })} />
        <TextInput mt="sm" label="Title" description="What people call it." required maxLength={200} value={draft.title} onChange={(e) => set({ title: e.currentTarget.value })} />
        <Textarea mt="sm" label="Words" description="Exactly what people agree to: who writes, about what, how often, and that they can end it at any time." required autosize minRows={4} maxRows={14} maxLength={20000} value={draft.body} onChange={(e) => set({ body: e.currentTarget.value })} />
        <h3 className={classes.sub}>What people see</h3>
        <Preview title={draft.title} body={draft.body} language={draft.language} />
        {before && !same && <Differs before={before} title={draft.title.trim()} body={draft.body.trim()} />}
        <p className={classes.note}>It is shown from now on. Whoever agreed before has agreed to the old words, which stay with their consent. It can’t be changed or taken back: other words are another version.</p>
        {add.error && <Failure error={add.error} />}
        <Group justify="flex-end" gap="xs"><Button variant="default" onClick={onClose}>Discard</Button><Button type="submit" disabled={!fits || same || draft.title.trim() === '' || draft.body.trim() === ''} loading={add.isPending}>{before ? `Add version ${before.version + 1}` : 'Add the words'}</Button></Group>
      </form>
    </Modal>
  )
}

function Differs({ before, title, body }: { before: Text; title: string; body: string }) {
  return (
    <>
      <h3 className={classes.sub}>What differs from version {before.version}</h3>
      <Suspense><Difference language={before.language} before={`${before.title}\n${before.body}`} after={`${title}\n${body}`} /></Suspense>
    </>
  )
}

function Preview({ title, body, language }: { title: string; body: string; language: string }) {
  return (
    <div className={classes.preview} lang={language} role="group" aria-label="What people see">
      <span className={classes.previewTick}><span aria-hidden>☐</span><strong>{title || '…'}</strong></span>
      <p>{body || '…'}</p>
    </div>
  )
}
