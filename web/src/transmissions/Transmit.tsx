import { Button, Group, Modal, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'

import { api, held } from '../api/client'
import { Failure } from '../page/Failure'
import { NoSecondFactor, useSecondFactor } from '../session/NoSecondFactor'
import { useTransmission } from './useTransmission'

/** Has what the person takes along sent to another controller, Art. 20(2) GDPR. */
export function Transmit({ request, onClose }: { request: string; onClose: () => void }) {
  const [receiver, setReceiver] = useState('')
  const [address, setAddress] = useState('')
  const barred = !useSecondFactor()
  const { doing, changed } = useTransmission(request, (key) => held(api.POST('/v1/requests/{id}/transmissions', {
    params: { path: { id: request }, header: { 'Idempotency-Key': key } }, body: { receiver: receiver.trim(), address: address.trim() },
  })), onClose)
  const whole = receiver.trim() !== '' && address.trim() !== ''
  return (
    <Modal opened onClose={onClose} title="Send it to another company" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (whole && !barred) doing.mutate() }}>
        <p style={{ marginTop: 0 }}>Only as the person asked for it (Art. 20(2) GDPR). The receiver gets the data, without the cover that is for the person, and the person gets a letter that says what came of it. You need your second factor for it.</p>
        {barred && <NoSecondFactor />}
        <TextInput label="Whom it goes to" description="The person reads it in the letter." required maxLength={200} value={receiver} onChange={(e) => changed(setReceiver)(e.currentTarget.value)} />
        <Textarea mt="sm" label="The address for the upload" description="As the receiver gave it: a URL that takes one upload by PUT and begins with https://. It is destroyed once the sending has ended." required autosize minRows={1} maxRows={6} maxLength={4000}
          value={address} onChange={(e) => changed(setAddress)(e.currentTarget.value)} />
        {doing.error && <Failure error={doing.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" disabled={!whole || barred} loading={doing.isPending}>Send it</Button>
        </Group>
      </form>
    </Modal>
  )
}
