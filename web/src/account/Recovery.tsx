import { Button, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'

import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { call } from '../session/calls'
import { RecoveryCodes } from '../session/RecoveryCodes'
import { sessionQuery, useSession } from '../session/session'
import { count } from '../words/words'

/** What lets somebody in who has lost the second factor, whichever it is. */
export function Recovery() {
  const { second_factor: factors } = useSession()
  const queries = useQueryClient()
  const renew = useMutation({ mutationFn: () => call<{ recovery_codes: string[] }>('POST', '/v1/account/recovery-codes') })
  const close = () => { renew.reset(); void queries.invalidateQueries({ queryKey: sessionQuery.queryKey }) }
  if (!factors.totp && factors.passkeys === 0) return null
  const none = factors.recovery_codes_left === 0
  return (
    <Panel title="Recovery codes">
      <p>{none ? 'You have none. Whoever loses the only second factor stays outside without one.' : `${count(factors.recovery_codes_left, 'code')} left. Each lets you in once when the second factor is lost.`}</p>
      <Button variant="default" size="xs" loading={renew.isPending} onClick={() => renew.mutate()}>{none ? 'Make recovery codes' : 'New recovery codes'}</Button>
      {renew.error && <Failure error={renew.error} />}
      <Modal opened={!!renew.data} onClose={close} title="Recovery codes" closeButtonProps={{ 'aria-label': 'Close' }} closeOnClickOutside={false}>
        {renew.data && <RecoveryCodes codes={renew.data.recovery_codes} done={close} />}
      </Modal>
    </Panel>
  )
}
