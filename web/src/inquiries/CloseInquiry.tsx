import { Button, Group, Modal, Textarea } from '@mantine/core'
import { useState } from 'react'

import { api, held } from '../api/client'
import { Failure } from '../page/Failure'
import type { Inquiry } from './queries'
import { useInquiry } from './useInquiry'

/** Has nobody asked any more, with the reason. */
export function CloseInquiry({ request, inquiry, onClose }: { request: string; inquiry: Inquiry; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const { doing, changed } = useInquiry(request, (key) => held(api.POST('/v1/requests/{id}/inquiries/{inquiry}/close', {
    params: { path: { id: request, inquiry: inquiry.id }, header: { 'Idempotency-Key': key } }, body: { reason: reason.trim() },
  })), onClose)
  return (
    <Modal opened onClose={onClose} title={`Ask ${inquiry.addressee} no more`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (reason.trim()) doing.mutate() }}>
        <Textarea label="Why" description="Kept with the notes. They are told that no answer is needed any more." required autosize minRows={2} maxRows={8} maxLength={2000} value={reason} onChange={(e) => changed(setReason)(e.currentTarget.value)} />
        {doing.error && <Failure error={doing.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" color="red.8" disabled={!reason.trim()} loading={doing.isPending}>Ask no more</Button>
        </Group>
      </form>
    </Modal>
  )
}
