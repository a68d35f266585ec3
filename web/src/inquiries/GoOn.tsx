import { Button, Group, Modal, Textarea } from '@mantine/core'
import { useState } from 'react'

import { api, held } from '../api/client'
import { Failure } from '../page/Failure'
import type { Inquiry } from './queries'
import { useInquiry } from './useInquiry'

/** Has an erasure go on without the answer of whoever was asked to erase. */
export function GoOn({ request, inquiry, onClose }: { request: string; inquiry: Inquiry; onClose: () => void }) {
  const [note, setNote] = useState('')
  const { doing, changed } = useInquiry(request, (key) => held(api.POST('/v1/requests/{id}/go-on-without', {
    params: { path: { id: request }, header: { 'Idempotency-Key': key } }, body: { system: inquiry.system ?? '', note: note.trim() },
  })), onClose)
  const refused = inquiry.outcome === 'refused'
  return (
    <Modal opened onClose={onClose} title={`Go on without ${inquiry.addressee}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (note.trim()) doing.mutate() }}>
        <p>{refused ? `The person is told that ${inquiry.addressee} refused to erase.` : `The person is told that there is no confirmation yet. ${inquiry.addressee} is reminded as before, and what is answered later stands here.`}</p>
        <Textarea label="Why" description="Kept with the notes. For staff only." required autosize minRows={2} maxRows={8} maxLength={2000} value={note} onChange={(e) => changed(setNote)(e.currentTarget.value)} />
        {doing.error && <Failure error={doing.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" color="red.8" disabled={!note.trim()} loading={doing.isPending}>Go on without them</Button>
        </Group>
      </form>
    </Modal>
  )
}
