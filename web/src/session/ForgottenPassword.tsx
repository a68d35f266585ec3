import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { call } from './calls'
import classes from './session.module.css'

export function ForgottenPassword({ email: first, back }: { email: string; back: () => void }) {
  const [email, setEmail] = useState(first)
  const ask = useMutation({ mutationFn: () => call('POST', '/v1/resets', { email: email.trim() }) })
  if (ask.isSuccess) {
    return (
      <>
        <p>If there is an account with this address, a link is on its way to it. It works once, and not for long.</p>
        <Button variant="default" fullWidth onClick={back}>Back to the sign-in</Button>
      </>
    )
  }
  return (
    <form onSubmit={(e) => { e.preventDefault(); ask.mutate() }} className={classes.form}>
      <p className={classes.text}>You get a link by e-mail with which you set a new password.</p>
      <TextInput label="E-mail" type="email" required autoFocus maxLength={254} value={email} onChange={(e) => setEmail(e.currentTarget.value)} />
      {ask.error && <Failure error={ask.error} />}
      <Button type="submit" fullWidth loading={ask.isPending}>Send the link</Button>
      <button type="button" className={classes.link} onClick={back}>Back to the sign-in</button>
    </form>
  )
}
