import { Button, Group, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { call } from '../session/calls'
import { Enrol } from '../session/Enrol'
import { RecoveryCodes } from '../session/RecoveryCodes'
import { sessionQuery, useSession } from '../session/session'
import { count } from '../words/words'

/** The codes of an app as the second factor, and the recovery codes beside them. */
export function AuthenticatorApp() {
  const { second_factor: factors } = useSession()
  const queries = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [codes, setCodes] = useState<string[]>()
  const again = () => void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
  const remove = useMutation({ mutationFn: () => call('DELETE', '/v1/account/totp'), onSuccess: again })
  const renew = useMutation({
    mutationFn: () => call<{ recovery_codes: string[] }>('POST', '/v1/account/recovery-codes'),
    onSuccess: (answer) => { setCodes(answer.recovery_codes); again() },
  })
  const close = () => { setAdding(false); setCodes(undefined); again() }
  return (
    <Panel title="Authenticator app">
      <p>{factors.totp ? `It is set up. ${count(factors.recovery_codes_left, 'recovery code')} left.` : 'It is not set up. With it, a password alone lets nobody in.'}{factors.required && ' Your tenant demands a second factor.'}</p>
      <Group gap="xs">
        {!factors.totp && <Button variant="default" size="xs" onClick={() => setAdding(true)}>Set it up</Button>}
        {factors.totp && <Button variant="default" size="xs" loading={renew.isPending} onClick={() => renew.mutate()}>New recovery codes</Button>}
        {factors.totp && <Button variant="default" size="xs" loading={remove.isPending} onClick={() => remove.mutate()}>Take it away</Button>}
      </Group>
      {(remove.error ?? renew.error) && <Failure error={remove.error ?? renew.error} />}
      <Modal opened={adding || !!codes} onClose={close} title={codes ? 'Recovery codes' : 'Authenticator app'} closeButtonProps={{ 'aria-label': 'Close' }}>
        {codes ? <RecoveryCodes codes={codes} done={close} /> : adding && <Enrol onlyApp done={close} />}
      </Modal>
    </Panel>
  )
}
