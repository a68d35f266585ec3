import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { call } from '../session/calls'
import classes from './account.module.css'

export function Password() {
  const [current, setCurrent] = useState('')
  const [fresh, setFresh] = useState('')
  const change = useMutation({
    mutationFn: () => call('PUT', '/v1/account/password', { current, new: fresh }),
    onSuccess: () => { setCurrent(''); setFresh('') },
  })
  return (
    <Panel title="Password">
      <form className={classes.form} onSubmit={(e) => { e.preventDefault(); change.mutate() }}>
        <PasswordInput label="Password now" autoComplete="current-password" required maxLength={200} value={current} onChange={(e) => setCurrent(e.currentTarget.value)} />
        <PasswordInput label="New password" description="At least 12 characters; several words are good." autoComplete="new-password" required minLength={12} maxLength={200} value={fresh} onChange={(e) => setFresh(e.currentTarget.value)} />
        {change.error && <Failure error={change.error} />}
        {change.isSuccess && <p role="status">The password is changed, and your other sessions were ended.</p>}
        <Button type="submit" variant="default" loading={change.isPending}>Change the password</Button>
      </form>
    </Panel>
  )
}
