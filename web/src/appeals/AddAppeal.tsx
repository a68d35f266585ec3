import { Button, Group, Modal, Select, Textarea } from '@mantine/core'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { channels } from '../words/cases'
import { word } from '../words/words'
import { useAppeal } from './useAppeal'

type Channel = Schemas['AppealBody']['channel']

const ways: Channel[] = ['email', 'phone', 'letter', 'staff']

/** Takes in what came another way than through the person's page. */
export function AddAppeal({ request, onClose }: { request: string; onClose: () => void }) {
  const [text, setText] = useState('')
  const [channel, setChannel] = useState<Channel>('email')
  const { doing, changed } = useAppeal(request, (key) => held(api.POST('/v1/requests/{id}/appeals', {
    params: { path: { id: request }, header: { 'Idempotency-Key': key } }, body: { text: text.trim(), channel },
  })), onClose)
  return (
    <Modal opened onClose={onClose} title="Take in an appeal" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (text.trim()) doing.mutate() }}>
        <p style={{ marginTop: 0 }}>The request stays closed as it was answered. Somebody else than who answered decides, on a clock of its own; the person gets a confirmation.</p>
        <Select label="How it came" required allowDeselect={false} data={ways.map((w) => ({ value: w, label: word(channels, w) }))} value={channel} onChange={(v) => { if (v) changed(setChannel)(v as Channel) }} />
        <Textarea mt="sm" label="What the person says" required autosize minRows={3} maxRows={10} maxLength={10000} value={text} onChange={(e) => changed(setText)(e.currentTarget.value)} />
        {doing.error && <Failure error={doing.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" disabled={text.trim() === ''} loading={doing.isPending}>Take it in</Button>
        </Group>
      </form>
    </Modal>
  )
}
