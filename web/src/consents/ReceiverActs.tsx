import { Button, Group, Modal } from '@mantine/core'

import { Confirm } from '../page/Confirm'
import { Failure } from '../page/Failure'
import { Secret } from '../page/Secret'
import { count } from '../words/words'
import { useReplaceSecret, useRetireReceiver, type Owed, type Receiver } from './receivers'

/** Says that a system writes to nobody any more. */
export function RetireReceiver({ receiver: r, owed, onClose }: { receiver: Receiver; owed: Owed; onClose: () => void }) {
  const retire = useRetireReceiver(r.id, onClose)
  return (
    <Confirm title={`Retire ${r.name}`} action="It writes to nobody any more" pending={retire.isPending} error={retire.error} onConfirm={() => retire.mutate()} onClose={onClose}>
      Say so only of a system that sends nothing any more: it hears of nothing from now on, and that can’t be taken back. {owed.left > 0 ? `${count(owed.left, 'withdrawal')} that it has not confirmed ${owed.left === 1 ? 'ends' : 'end'} unconfirmed, which stays on record.` : 'It has confirmed everything that it heard of.'}
    </Confirm>
  )
}

/** Makes another secret for what a system is told. */
export function NewSecret({ receiver: r, onClose }: { receiver: Receiver; onClose: () => void }) {
  const replace = useReplaceSecret(r.id)
  return (
    <Modal opened onClose={onClose} title={`Replace the secret of ${r.name}`} closeButtonProps={{ 'aria-label': 'Close' }} closeOnClickOutside={!replace.data}>
      {replace.data?.secret ? <Secret secret={replace.data.secret} onClose={onClose}>This is the new secret. It is shown only now, and what the system is told from now on is signed with it alone.</Secret> : (
        <>
          <p style={{ marginTop: 0 }}>The one before signs nothing any more: until the system has the new one, it refuses what it is told, and is tried again.</p>
          {replace.error && <Failure error={replace.error} />}
          <Group justify="flex-end" gap="xs"><Button variant="default" onClick={onClose}>Leave it</Button><Button loading={replace.isPending} onClick={() => replace.mutate()}>Make another secret</Button></Group>
        </>
      )}
    </Modal>
  )
}
