import { Button, Group, Modal } from '@mantine/core'

import { api, held } from '../api/client'
import { Failure } from '../page/Failure'
import type { TransmissionLink } from './queries'
import { useTransmission } from './useTransmission'

/** Takes a link back. */
export function TakeBack({ request, link, onClose }: { request: string; link: TransmissionLink; onClose: () => void }) {
  const { doing } = useTransmission(request, (key) => held(api.POST('/v1/requests/{id}/transmission-links/{link}/end', {
    params: { path: { id: request, link: link.id }, header: { 'Idempotency-Key': key } },
  })), onClose)
  return (
    <Modal opened onClose={onClose} title="Take the link back" closeButtonProps={{ 'aria-label': 'Close' }}>
      <p style={{ marginTop: 0 }}>Nobody fetches by the link for {link.receiver} any more, and a fetch that is under way breaks off. What was fetched stays fetched. Another link can be made.</p>
      {doing.error && <Failure error={doing.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>Leave it</Button>
        <Button color="red.8" loading={doing.isPending} onClick={() => doing.mutate()}>Take it back</Button>
      </Group>
    </Modal>
  )
}
