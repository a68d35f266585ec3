import { Button, Group, Modal } from '@mantine/core'
import type { ReactNode } from 'react'

import { Failure } from './Failure'

interface Props {
  title: string
  /** What happens then. */
  children: ReactNode
  /** The words on the button that does it. */
  action: string
  pending: boolean
  error: unknown
  onConfirm: () => void
  onClose: () => void
}

/** Asks once more before what another click does not take back. */
export function Confirm({ title, children, action, pending, error, onConfirm, onClose }: Props) {
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <p style={{ marginTop: 0 }}>{children}</p>
      {error != null && <Failure error={error} />}
      <Group justify="flex-end" gap="xs"><Button variant="default" onClick={onClose}>Leave it</Button><Button color="red.8" loading={pending} onClick={onConfirm}>{action}</Button></Group>
    </Modal>
  )
}
