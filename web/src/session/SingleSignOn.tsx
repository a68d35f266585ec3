import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { Problem } from '../api/problem'
import { Failure } from '../page/Failure'
import { call } from './calls'
import classes from './session.module.css'

interface Methods {
  single_sign_on: { label: string } | null
}

const remembered = 'docket-company'

/** Signs in with the company's own account. Which company is asked once and kept in this browser. */
export function SingleSignOn() {
  const [open, setOpen] = useState(() => localStorage.getItem(remembered) !== null)
  const [tenant, setTenant] = useState(() => localStorage.getItem(remembered) ?? '')
  const look = useMutation({
    mutationFn: async () => {
      const { single_sign_on: way } = await call<Methods>('GET', `/v1/sign-in/methods?tenant=${encodeURIComponent(tenant.trim())}`)
      if (!way) throw new Problem({ status: 404, code: 'no-single-sign-on', detail: 'There is no single sign-on under this name. Ask your administrator for the short name of your company.' })
      return way
    },
    onSuccess: () => {
      localStorage.setItem(remembered, tenant.trim())
      window.location.assign(`/v1/sign-in/oidc/${encodeURIComponent(tenant.trim())}`)
    },
  })
  if (!open) return <Button variant="default" fullWidth mt="xs" onClick={() => setOpen(true)}>Single sign-on of your company</Button>
  return (
    <form onSubmit={(e) => { e.preventDefault(); look.mutate() }} className={classes.form}>
      <TextInput mt="xs" label="Short name of your company" description="As in the address of its form: acme" required pattern="[a-z0-9][a-z0-9\-]{0,61}" value={tenant} onChange={(e) => setTenant(e.currentTarget.value)} />
      {look.error && <Failure error={look.error} />}
      <Button type="submit" variant="default" fullWidth loading={look.isPending}>Go to your company’s sign-in</Button>
    </form>
  )
}
