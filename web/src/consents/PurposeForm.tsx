import { Button, Checkbox, Group, Modal, Select, TextInput } from '@mantine/core'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { messageClasses } from '../words/consents'
import { choices } from './choices'
import type { Purpose } from './queries'
import { usePut } from './usePut'

interface Props {
  purposes: Purpose[]
  /** The one to change; a new one without it. */
  purpose?: Purpose
  onClose: () => void
}

/** Adds a purpose, or says what its messages are. */
export function PurposeForm({ purposes, purpose: p, onClose }: Props) {
  const [key, setKey] = useState(p?.key ?? '')
  const [draft, setDraft] = useState({ class: p?.class ?? 'commercial', similar_goods: p?.similar_goods ?? false, tracking: p?.tracking ?? false })
  const set = (part: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...part }))
  const put = usePut(onClose)
  const taken = !p && purposes.some((o) => o.key === key)
  const fits = /^[a-z0-9][a-z0-9_-]{0,61}$/.test(key)
  const fault = taken ? 'There is a purpose of this key already.' : key !== '' && !fits ? 'Small letters without accents, digits, - and _; a letter or a digit first.' : undefined
  const tracked = purposes.some((o) => o.tracking)
  return (
    <Modal opened onClose={onClose} title={p ? 'Change the purpose' : 'Add a purpose'} size={560} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); put.mutate({ key, body: draft }) }}>
        {!p && <TextInput label="Key" description="A short name for programs and lists, such as newsletter. It can’t be changed; people see the title of the words." required data-autofocus maxLength={62} spellCheck={false} value={key} error={fault} onChange={(e) => setKey(e.currentTarget.value)} />}
        <Select mt="sm" label="What its messages are" data={choices(messageClasses)} value={draft.class} onChange={(v) => set({ class: (v ?? 'commercial') as Purpose['class'] })} />
        <Checkbox mt="sm" label="About your own goods or services like those that were bought" description="Only then the soft opt-in of customers can carry it (PECR reg 22(3), ePrivacy Art 13(2))." checked={draft.similar_goods} onChange={(e) => set({ similar_goods: e.currentTarget.checked })} />
        {!p && <Checkbox mt="sm" label="What is agreed to is that opening and following links is seen" description={tracked ? 'There is such a purpose already, and there is only one.' : 'There is one such purpose. This can’t be changed later.'} disabled={tracked} checked={draft.tracking} onChange={(e) => set({ tracking: e.currentTarget.checked })} />}
        {put.error && <Failure error={put.error} />}
        <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Discard</Button><Button type="submit" disabled={!fits || taken} loading={put.isPending}>{p ? 'Change the purpose' : 'Add the purpose'}</Button></Group>
      </form>
    </Modal>
  )
}
