import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { call } from './calls'
import { Door } from './Door'
import classes from './session.module.css'
import { useToken } from './token'

/** Sets a new password with the link of an e-mail. */
export function ResetPage() {
  const token = useToken()
  const [password, setPassword] = useState('')
  const reset = useMutation({ mutationFn: () => call('PUT', '/v1/resets', { token, password }) })
  if (token === '') return <Door title="New password"><p>The link is not whole. Open it from the e-mail again, or ask for a new one at the sign-in.</p><Link to="/sign-in">Go to the sign-in</Link></Door>
  if (reset.isSuccess) return <Door title="New password"><p>Your new password is set, and every session of yours was ended.</p><Link to="/sign-in">Go to the sign-in</Link></Door>
  return (
    <Door title="New password">
      <form onSubmit={(e) => { e.preventDefault(); reset.mutate() }} className={classes.form}>
        <PasswordInput label="New password" description="At least 12 characters; several words are good." autoComplete="new-password" required autoFocus minLength={12} maxLength={200} value={password} onChange={(e) => setPassword(e.currentTarget.value)} />
        {reset.error && <Failure error={reset.error} />}
        <Button type="submit" fullWidth loading={reset.isPending}>Set the password</Button>
      </form>
    </Door>
  )
}
