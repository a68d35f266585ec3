import { Button, getDefaultZIndex, Group, Modal, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'

import { answerStepUpWith } from '../api/transport'
import { Failure } from '../page/Failure'
import { call } from './calls'
import { usePasskeys, usePasskeyProof } from './passkeys'
import { NoSecondFactor, useSecondFactor } from './NoSecondFactor'
import { useSession } from './session'

type Settle = (proven: boolean) => void

/** Opens by itself when the server wants the second factor again, and has the refused call repeated. */
export function StepUp() {
  const [asked, setAsked] = useState(false)
  const waiting = useRef<Settle[]>([])
  const able = useSecondFactor()
  useEffect(() => {
    answerStepUpWith(() => {
      setAsked(true)
      if (!able) return Promise.resolve(false) // nothing to wait for: the call stays refused
      return new Promise<boolean>((settle) => waiting.current.push(settle))
    })
    return () => answerStepUpWith(undefined)
  }, [able])
  const settle = (proven: boolean) => {
    setAsked(false)
    for (const tell of waiting.current.splice(0)) tell(proven)
  }
  return (
    // The call that needs it is often made in a dialog: this one lies above it.
    <Modal opened={asked} onClose={() => settle(false)} title="Prove that it is you" size="sm" zIndex={getDefaultZIndex('overlay')} closeButtonProps={{ 'aria-label': 'Close' }}>
      {asked && (able ? <Proof done={() => settle(true)} /> : <NoSecondFactor onLeave={() => settle(false)} />)}
    </Modal>
  )
}

function Proof({ done }: { done: () => void }) {
  const { second_factor: factors, method, tenant } = useSession()
  const passkeys = usePasskeys()
  const elsewhere = method === 'single_sign_on' && !factors.totp && factors.passkeys === 0
  const byCodes = factors.totp || factors.recovery_codes_left > 0
  const [code, setCode] = useState('')
  const byCode = useMutation({ mutationFn: () => call('POST', '/v1/session/step-up', { code: code.replaceAll(/\s/g, '') }), onSuccess: done })
  const byPasskey = usePasskeyProof('/v1/session/step-up/passkey', done)
  return (
    <form onSubmit={(e) => { e.preventDefault(); byCode.mutate() }}>
      <p style={{ marginTop: 0 }}>What you are about to do needs your second factor, not older than ten minutes. After that it goes on by itself.</p>
      {byCodes && (
        <TextInput label={factors.totp ? 'Code of your authenticator app, or a recovery code' : 'A recovery code, where the passkey is not at hand'} value={code} onChange={(e) => setCode(e.currentTarget.value)} autoComplete="one-time-code" data-autofocus={factors.totp || undefined} required />
      )}
      {elsewhere && <p>You come by single sign-on. Sign in there anew, and then do this again: what you have typed here is not kept.</p>}
      {elsewhere && <Button component="a" href={`/v1/sign-in/oidc/${encodeURIComponent(tenant?.slug ?? '')}?fresh=yes`}>Sign in anew</Button>}
      {(byCode.error ?? byPasskey.error) && <Failure error={byCode.error ?? byPasskey.error} />}
      <Group mt="md" gap="xs">
        {byCodes && <Button type="submit" loading={byCode.isPending}>Go on</Button>}
        {factors.passkeys > 0 && passkeys && <Button variant="default" onClick={() => byPasskey.mutate()} loading={byPasskey.isPending}>Use a passkey</Button>}
      </Group>
    </form>
  )
}
