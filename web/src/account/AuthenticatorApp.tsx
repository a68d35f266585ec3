import { Button, Group, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { call } from '../session/calls'
import { Enrol } from '../session/Enrol'
import { sessionQuery, useSession } from '../session/session'

/** The codes of an app as the second factor. */
export function AuthenticatorApp() {
  const { second_factor: factors } = useSession()
  const queries = useQueryClient()
  const [adding, setAdding] = useState(false)
  const again = () => void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
  const remove = useMutation({ mutationFn: () => call('DELETE', '/v1/account/totp'), onSuccess: again })
  const close = () => { setAdding(false); again() }
  return (
    <Panel title="Authenticator app">
      <p>{factors.totp ? 'It is set up.' : 'It is not set up. With it, a password alone lets nobody in.'}{factors.required && ' Your tenant demands a second factor.'}</p>
      <Group gap="xs">
        {!factors.totp && <Button variant="default" size="xs" onClick={() => setAdding(true)}>Set it up</Button>}
        {factors.totp && <Button variant="default" size="xs" loading={remove.isPending} onClick={() => remove.mutate()}>Take it away</Button>}
      </Group>
      {remove.error && <Failure error={remove.error} />}
      <Modal opened={adding} onClose={close} title="Authenticator app" closeButtonProps={{ 'aria-label': 'Close' }} closeOnClickOutside={false}>
        {adding && <Enrol onlyApp done={close} />}
      </Modal>
    </Panel>
  )
}
