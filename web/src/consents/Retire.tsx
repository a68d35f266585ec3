import { Button, Group, Modal } from '@mantine/core'

import { Failure } from '../page/Failure'
import type { Purpose } from './queries'
import { usePut } from './usePut'

/** Takes a purpose out of use, or takes it up again. What was recorded stays either way. */
export function Retire({ purpose: p, title, onClose }: { purpose: Purpose; title: string; onClose: () => void }) {
  const put = usePut(onClose)
  const again = !!p.retired_at
  const act = () => put.mutate({ key: p.key, body: { class: p.class, similar_goods: p.similar_goods, tracking: p.tracking, retired: !again } })
  return (
    <Modal opened onClose={onClose} title={again ? `Use “${title}” again` : `Use “${title}” no more`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <p style={{ marginTop: 0 }}>{again ? 'People can agree to it again, and what they agreed to before counts again.' : 'Nothing can be recorded for it any more, no message for it may go out, and people no longer see it on their pages. What was recorded stays, and it can be taken up again.'}</p>
      {put.error && <Failure error={put.error} />}
      <Group justify="flex-end" gap="xs"><Button variant="default" onClick={onClose}>Leave it</Button><Button color={again ? undefined : 'red.8'} loading={put.isPending} onClick={act}>{again ? 'Use it again' : 'Use it no more'}</Button></Group>
    </Modal>
  )
}
