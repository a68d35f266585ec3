import { Button, Group, Select, Switch, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { asProblem, Problem } from '../api/problem'
import { Confirm } from '../page/Confirm'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { roles as roleNames } from '../words/cases'
import { word } from '../words/words'
import classes from './settings.module.css'

type Provider = Schemas['SingleSignOnBody']

const query = {
  queryKey: ['single-sign-on'],
  queryFn: async (): Promise<Provider | null> => {
    try {
      return await held(api.GET('/v1/tenant/single-sign-on'))
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return null
      throw error
    }
  },
  retry: false,
}

/** The tenant's OpenID provider: its people sign in there, and it says who has which role. */
export function SingleSignOn() {
  const provider = useQuery({ ...query, refetchOnWindowFocus: false })
  if (provider.error) return <Failure error={provider.error} retry={() => void provider.refetch()} />
  if (provider.isPending) return <Waiting lines={8} height={56} />
  return <Form key={provider.data?.issuer ?? 'none'} provider={provider.data} />
}

const empty: Provider = { issuer: '', client_id: '', label: '', role_claim: 'groups', roles: {}, trust_second_factor: false }

const choices = ['agent', 'lead', 'dpo', 'executive', 'auditor', 'admin'].map((value) => ({ value, label: word(roleNames, value) }))

function Form({ provider }: { provider: Provider | null }) {
  const may = useMay()
  const queries = useQueryClient()
  const [draft, setDraft] = useState(provider ?? empty)
  const [secret, setSecret] = useState('')
  const [given, setGiven] = useState<[value: string, role: string][]>(() => Object.entries(provider?.roles ?? { '': 'agent' }))
  const set = (part: Partial<Provider>) => setDraft((old) => ({ ...old, ...part }))
  const again = () => { setSecret(''); void queries.invalidateQueries({ queryKey: query.queryKey }) }
  const roles = Object.fromEntries(given.map(([value, role]) => [value.trim(), role]).filter(([value]) => value !== ''))
  const save = useMutation({ mutationFn: () => held(api.PUT('/v1/tenant/single-sign-on', { body: { ...draft, roles, client_secret: secret } })), onSuccess: again })
  const drop = useMutation({ mutationFn: () => held(api.DELETE('/v1/tenant/single-sign-on')), onSuccess: () => queries.setQueryData(query.queryKey, null) })
  const [asking, ask] = useDisclosure(false)
  return (
    <form onSubmit={(e) => { e.preventDefault(); save.mutate() }}>
      <p className="prose">{provider ? 'People sign in with the company’s own account.' : 'There is none: people sign in with a password or a passkey.'} Register this address at the provider: <code>{window.location.origin}/v1/sign-in/oidc/callback</code></p>
      <div className={classes.form}>
        <TextInput label="Issuer" description="The provider’s address, as it writes it itself." type="url" required maxLength={500} value={draft.issuer} onChange={(e) => set({ issuer: e.currentTarget.value })} />
        <TextInput label="Words on the button" description="Sign in with …" required maxLength={100} value={draft.label} onChange={(e) => set({ label: e.currentTarget.value })} />
        <TextInput label="Client" required maxLength={500} autoComplete="off" value={draft.client_id} onChange={(e) => set({ client_id: e.currentTarget.value })} />
        <TextInput label="Client secret" description={provider ? 'It is sealed and never shown; give it again with each change.' : 'It is sealed, and never shown again.'} type="password" required maxLength={1000} autoComplete="off" value={secret} onChange={(e) => setSecret(e.currentTarget.value)} />
        <h2 className={classes.heading}>Who has which role</h2>
        <TextInput className={classes.wide} label="Claim with the roles or groups" description="The role follows it at each sign-in; who has none of its values is not let in." required maxLength={100} value={draft.role_claim} onChange={(e) => set({ role_claim: e.currentTarget.value })} />
        <div className={classes.wide}>
          {given.map(([value, role], i) => (
            <Group key={i} gap="xs" mb={8} align="end" wrap="nowrap">
              <TextInput aria-label={`Value ${i + 1}`} placeholder="Value of the claim" maxLength={200} style={{ flex: 1 }} value={value} onChange={(e) => setGiven(given.map((g, j) => (j === i ? [e.target.value, role] : g)))} />
              <Select aria-label={`Role of value ${i + 1}`} data={choices} value={role} style={{ width: 200 }} onChange={(v) => setGiven(given.map((g, j) => (j === i ? [value, v ?? role] : g)))} />
              <Button variant="subtle" onClick={() => setGiven(given.filter((_, j) => j !== i))} aria-label={`Take away value ${i + 1}`}>Take away</Button>
            </Group>
          ))}
          <Button size="xs" variant="default" onClick={() => setGiven([...given, ['', 'agent']])}>Add a value</Button>
        </div>
        <Switch className={classes.wide} label="The provider asks for a second factor itself" checked={draft.trust_second_factor} onChange={(e) => set({ trust_second_factor: e.currentTarget.checked })} />
      </div>
      {save.error && <Failure error={asProblem(save.error)} />}
      {save.isSuccess && <p role="status">Saved. Try it in another browser before you sign out here.</p>}
      <Group mt="md" gap="xs">
        {may('set-single-sign-on') && <Button type="submit" disabled={Object.keys(roles).length === 0} loading={save.isPending}>Save the provider</Button>}
        {provider && may('drop-single-sign-on') && <Button variant="default" onClick={ask.open}>Take it away</Button>}
      </Group>
      {asking && (
        <Confirm title="Take single sign-on away" action="Take it away" pending={drop.isPending} error={drop.error} onConfirm={() => drop.mutate()} onClose={ask.close}>
          Everybody who came in by it is signed out. Who joined by an invitation has a password; whom only the provider knew has to be invited.
        </Confirm>
      )}
    </form>
  )
}
