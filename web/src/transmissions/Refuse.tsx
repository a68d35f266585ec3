import { Button, Group, Modal, Textarea } from '@mantine/core'
import { useState } from 'react'

import { api, held } from '../api/client'
import { Failure } from '../page/Failure'
import type { Transmission } from './queries'
import { useTransmission } from './useTransmission'

/** Ends what is tried in vain, where it is not technically feasible. */
export function Refuse({ request, transmission, onClose }: { request: string; transmission: Transmission; onClose: () => void }) {
  const [explanation, setExplanation] = useState('')
  const { doing, changed } = useTransmission(request, (key) => held(api.POST('/v1/requests/{id}/transmissions/{transmission}/refuse', {
    params: { path: { id: request, transmission: transmission.id }, header: { 'Idempotency-Key': key } }, body: { explanation: explanation.trim() },
  })), onClose)
  return (
    <Modal opened onClose={onClose} title="It is not feasible" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (explanation.trim()) doing.mutate() }}>
        <p style={{ marginTop: 0 }}>It is not tried any more; a try that is on its way comes to its end first, and what the receiver takes by then was sent. The law wants it only where it is technically feasible (Art. 20(2) GDPR); the person is told why, and can still fetch the data themselves.</p>
        <Textarea label="Why" description="It is written into the letter as it stands." required autosize minRows={3} maxRows={10} maxLength={10000} value={explanation} onChange={(e) => changed(setExplanation)(e.currentTarget.value)} />
        {doing.error && <Failure error={doing.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" color="red.8" disabled={explanation.trim() === ''} loading={doing.isPending}>End it</Button>
        </Group>
      </form>
    </Modal>
  )
}
