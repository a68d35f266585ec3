import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { call } from './calls'
import type { Method, SignInAnswer } from './contract'
import { usePasskeyProof, usePasskeys } from './passkeys'
import classes from './session.module.css'

interface Props {
  methods: Method[]
  advance: (answer: SignInAnswer) => void
}

export function SecondFactor({ methods, advance }: Props) {
  const [code, setCode] = useState('')
  const [recovery, setRecovery] = useState(!methods.includes('totp'))
  const passkeys = usePasskeys()
  const prove = useMutation({ mutationFn: () => call<SignInAnswer>('POST', '/v1/sign-in/code', { code: code.replaceAll(/\s/g, '') }), onSuccess: advance })
  const passkey = usePasskeyProof<SignInAnswer>('/v1/sign-in/passkey', advance)
  return (
    <>
      <form onSubmit={(e) => { e.preventDefault(); prove.mutate() }} className={classes.form}>
        <TextInput label={recovery ? 'Recovery code' : 'Code of your authenticator app'} description={recovery ? 'Each works once.' : undefined}
          autoComplete="one-time-code" inputMode={recovery ? 'text' : 'numeric'} autoFocus required maxLength={20} value={code} onChange={(e) => setCode(e.currentTarget.value)} />
        {prove.error && <Failure error={prove.error} />}
        <Button type="submit" fullWidth loading={prove.isPending}>Go on</Button>
      </form>
      {methods.includes('passkey') && passkeys && <Button variant="default" fullWidth mt="xs" loading={passkey.isPending} onClick={() => passkey.mutate()}>Use a passkey</Button>}
      {passkey.error && <Failure error={passkey.error} />}
      {methods.includes('totp') && methods.includes('recovery') && (
        <button type="button" className={classes.link} onClick={() => { setRecovery(!recovery); setCode('') }}>{recovery ? 'Use the authenticator app' : 'I don’t have the app with me'}</button>
      )}
    </>
  )
}
