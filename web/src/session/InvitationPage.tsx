import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { roles } from '../words/cases'
import { word } from '../words/words'
import { call } from './calls'
import type { Invitation, SignInAnswer } from './contract'
import { Door } from './Door'
import classes from './session.module.css'
import { useToken } from './token'
import { WayIn } from './WayIn'

export function InvitationPage() {
  const token = useToken()
  const invitation = useQuery({ queryKey: ['invitation'], enabled: token !== '', retry: false, staleTime: Infinity, queryFn: () => call<Invitation>('POST', '/v1/invitations/look', { token }) })
  if (token === '') return <Door title="Invitation"><p>The link is not whole. Open it from the e-mail again, or ask whoever invited you for a new one.</p><Link to="/sign-in">Go to the sign-in</Link></Door>
  if (invitation.error) return <Door title="Invitation"><Failure error={invitation.error} /><Link to="/sign-in">Go to the sign-in</Link></Door>
  if (!invitation.data) return <Door title="Invitation"><Waiting lines={5} /></Door>
  const { data } = invitation
  return <WayIn title={`Welcome to ${data.tenant}`}>{(advance) => <Accept token={token} invitation={data} advance={advance} />}</WayIn>
}

function Accept({ token, invitation, advance }: { token: string; invitation: Invitation; advance: (answer: SignInAnswer) => void }) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const known = invitation.account_exists
  const accept = useMutation({
    mutationFn: () => call<SignInAnswer>('PUT', '/v1/invitations', { token, password, ...(known ? {} : { name: name.trim() }) }),
    onSuccess: advance,
  })
  return (
    <form onSubmit={(e) => { e.preventDefault(); accept.mutate() }} className={classes.form}>
      <p className={classes.text}>You are invited as {word(roles, invitation.role).toLowerCase()}, with the address {invitation.email}.</p>
      {!known && <TextInput label="Your name" autoComplete="name" required autoFocus maxLength={200} value={name} onChange={(e) => setName(e.currentTarget.value)} />}
      <PasswordInput label={known ? 'The password of your account' : 'A new password'} description={known ? undefined : 'At least 12 characters; several words are good.'} minLength={known ? undefined : 12} maxLength={200} required
        autoComplete={known ? 'current-password' : 'new-password'} value={password} onChange={(e) => setPassword(e.currentTarget.value)} />
      {accept.error && <Failure error={accept.error} />}
      <Button type="submit" fullWidth loading={accept.isPending}>Accept the invitation</Button>
    </form>
  )
}
