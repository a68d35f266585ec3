import { Button, Divider, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { call } from './calls'
import type { SignInAnswer } from './contract'
import { ForgottenPassword } from './ForgottenPassword'
import { usePasskeyProof, usePasskeys } from './passkeys'
import classes from './session.module.css'
import { SingleSignOn } from './SingleSignOn'

export function PasswordForm({ advance }: { advance: (answer: SignInAnswer) => void }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [forgotten, setForgotten] = useState(false)
  const passkeys = usePasskeys()
  const sign = useMutation({ mutationFn: () => call<SignInAnswer>('POST', '/v1/sign-in', { email: email.trim(), password }), onSuccess: advance })
  const passkey = usePasskeyProof<SignInAnswer>('/v1/sign-in/passkey', advance)
  if (forgotten) return <ForgottenPassword email={email} back={() => setForgotten(false)} />
  return (
    <>
      <form onSubmit={(e) => { e.preventDefault(); sign.mutate() }} className={classes.form}>
        <TextInput label="E-mail" type="email" autoComplete="username" required autoFocus maxLength={254} value={email} onChange={(e) => setEmail(e.currentTarget.value)} />
        <PasswordInput label="Password" autoComplete="current-password" required maxLength={200} value={password} onChange={(e) => setPassword(e.currentTarget.value)} />
        {sign.error && <Failure error={sign.error} />}
        <Button type="submit" fullWidth loading={sign.isPending}>Sign in</Button>
      </form>
      <button type="button" className={classes.link} onClick={() => setForgotten(true)}>I have forgotten my password</button>
      <Divider my="md" label="or" />
      {passkeys && <Button variant="default" fullWidth loading={passkey.isPending} onClick={() => passkey.mutate()}>Sign in with a passkey</Button>}
      {passkey.error && <Failure error={passkey.error} />}
      <SingleSignOn />
    </>
  )
}
