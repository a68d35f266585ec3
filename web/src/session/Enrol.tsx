import { Button, Group, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { call } from './calls'
import { addPasskey, usePasskeys } from './passkeys'
import { RecoveryCodes } from './RecoveryCodes'
import classes from './session.module.css'

interface Secret {
  secret: string
  uri: string
  qr: string
}

/** Adds an authenticator app, or a passkey, to an account; afterwards the recovery codes are shown once. */
export function Enrol({ done, onlyApp }: { done: () => void; onlyApp?: boolean }) {
  const [code, setCode] = useState('')
  const [codes, setCodes] = useState<string[]>()
  const passkeys = usePasskeys()
  const secret = useQuery({ queryKey: ['totp'], queryFn: () => call<Secret>('POST', '/v1/account/totp'), staleTime: Infinity, gcTime: 0, retry: false, refetchOnWindowFocus: false })
  const confirm = useMutation({
    mutationFn: () => call<{ recovery_codes?: string[] | null }>('PUT', '/v1/account/totp', { code: code.replaceAll(/\s/g, '') }),
    onSuccess: (answer) => (answer.recovery_codes?.length ? setCodes(answer.recovery_codes) : done()),
  })
  const passkey = useMutation({ mutationFn: () => addPasskey('This device'), onSuccess: done })
  if (codes) return <RecoveryCodes codes={codes} done={done} />
  return (
    <>
      <p className={classes.text}>Scan this with an authenticator app, then type the code that it shows.</p>
      {secret.error && <Failure error={secret.error} retry={() => void secret.refetch()} />}
      {secret.isPending && <Waiting lines={4} />}
      {secret.data && (
        <form onSubmit={(e) => { e.preventDefault(); confirm.mutate() }} className={classes.form}>
          <img src={secret.data.qr} alt="QR code for the authenticator app" width={184} height={184} className={classes.qr} />
          <p className={classes.text}>Or type this into the app: <code className={classes.secret}>{secret.data.secret}</code></p>
          <TextInput label="Code of the app" autoComplete="one-time-code" inputMode="numeric" required maxLength={8} value={code} onChange={(e) => setCode(e.currentTarget.value)} />
          {confirm.error && <Failure error={confirm.error} />}
          <Group gap="xs">
            <Button type="submit" loading={confirm.isPending}>Add the app</Button>
            {passkeys && !onlyApp && <Button variant="default" loading={passkey.isPending} onClick={() => passkey.mutate()}>Add a passkey instead</Button>}
          </Group>
          {passkey.error && <Failure error={passkey.error} />}
        </form>
      )}
    </>
  )
}
