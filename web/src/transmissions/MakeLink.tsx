import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'

import { api, held } from '../api/client'
import { Failure } from '../page/Failure'
import { Secret } from '../page/Secret'
import { NoSecondFactor, useSecondFactor } from '../session/NoSecondFactor'
import { useTransmission } from './useTransmission'

/** Makes a link by which another controller fetches what the person takes along, Art. 20(2) GDPR. */
export function MakeLink({ request, onClose }: { request: string; onClose: () => void }) {
  const [receiver, setReceiver] = useState('')
  const barred = !useSecondFactor()
  const { doing, changed } = useTransmission(request, (key) => held(api.POST('/v1/requests/{id}/transmission-links', {
    params: { path: { id: request }, header: { 'Idempotency-Key': key } }, body: { receiver: receiver.trim() },
  })), () => undefined)
  const whole = receiver.trim() !== ''
  return (
    <Modal opened onClose={onClose} title="Make a link" closeButtonProps={{ 'aria-label': 'Close' }} closeOnClickOutside={!doing.data}>
      {doing.data ? <Secret secret={doing.data.url} onClose={onClose}>{`Give this link to ${receiver.trim()}, or to the person, by a safe way: whoever has it gets the data, with nothing else. It is shown only now.`}</Secret> : (
        <form onSubmit={(e) => { e.preventDefault(); if (whole && !barred) doing.mutate() }}>
          <p style={{ marginTop: 0 }}>Only as the person asked for it (Art. 20(2) GDPR). The company fetches the data itself, without the cover that is for the person: for a week and five times at the most, and never longer than the package is there. The person gets a letter when it is first fetched. You need your second factor for it.</p>
          {barred && <NoSecondFactor />}
          <TextInput label="Whom the link is for" description="The person reads it in the letter." required maxLength={200} value={receiver} onChange={(e) => changed(setReceiver)(e.currentTarget.value)} />
          {doing.error && <Failure error={doing.error} />}
          <Group justify="flex-end" gap="xs" mt="md">
            <Button variant="default" onClick={onClose}>Leave it</Button>
            <Button type="submit" disabled={!whole || barred} loading={doing.isPending}>Make the link</Button>
          </Group>
        </form>
      )}
    </Modal>
  )
}
