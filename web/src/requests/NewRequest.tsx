import { Button, Group, Modal, Select, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { api, held, items } from '../api/client'
import type { Problem } from '../api/problem'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import { useSession } from '../session/session'
import { channelChoices, rights } from '../words/cases'
import { AskedFor } from './AskedFor'
import { DeadlineAhead } from './DeadlineAhead'
import { emptyDraft, missing, toBody, type Draft } from './draft'
import { Filed } from './Filed'
import { policiesQuery, tenantQuery } from './queries'
import classes from './new.module.css'

/** Files what came by letter, e-mail or telephone. The dates are shown before it is saved. */
export function NewRequest({ onClose }: { onClose: () => void }) {
  const tenant = useQuery(tenantQuery)
  const policies = useQuery(policiesQuery)
  const [draft, setDraft] = useState<Draft>(emptyDraft)
  const [key, setKey] = useState(newKey)
  const [lacks, setLacks] = useState<ReturnType<typeof missing>>()
  const set = (part: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...part }))
    setKey(newKey()) // what is sent changes, so it is another request
    setLacks(undefined)
  }
  const regime = draft.regime ?? tenant.data?.regime
  const { role } = useSession()
  const regimes = [...new Map(items(policies.data).map((p) => [p.id, p])).values()]
  const known = regimes.find((p) => p.id === regime)?.rights ?? Object.keys(rights)
  const given = { ...draft, rights: draft.rights.filter((r) => known.includes(r)) }
  const asksForCorrection = given.rights.includes('rectification')
  const file = useFile(given, key, onClose)
  const fault = faultsByField(file.error)
  const submit = () => {
    const lacking = missing(given)
    setLacks(lacking)
    if (!lacking) file.mutate()
  }
  if (file.data?.also?.length) return <Filed accepted={file.data} first={given.rights[0]} onClose={onClose} />
  return (
    <Modal opened onClose={onClose} title="New request" size={720} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); submit() }}>
        <div className={classes.grid}>
          <TextInput label="E-mail" description="Letters, the code and the answer go there." type="email" required data-autofocus maxLength={254}
            value={draft.email} onChange={(e) => set({ email: e.currentTarget.value })} error={fault('person.email')} />
          <TextInput label="Name" description="As the person gave it." maxLength={200} value={draft.name} onChange={(e) => set({ name: e.currentTarget.value })} error={fault('person.name')} />
          <TextInput label="Telephone" maxLength={40} value={draft.phone} onChange={(e) => set({ phone: e.currentTarget.value })} error={fault('person.phone')} />
          <TextInput label="Customer number" maxLength={200} value={draft.customer} onChange={(e) => set({ customer: e.currentTarget.value })} error={fault('person.customer_id')} />
          <Select label="Under which law" description="Yours, unless the person lives elsewhere." searchable data={regimes.map((p) => ({ value: p.id, label: p.name }))}
            value={regime ?? null} onChange={(v) => set({ regime: v ?? undefined })} error={fault('regime')} />
          <Select label="How it came" data={channelChoices} value={draft.channel} onChange={(v) => set({ channel: v ?? 'email' })} error={fault('channel')} />
          {(role === 'admin' || role === 'dpo') && (
            <TextInput label="Received on" type="datetime-local" value={draft.received} onChange={(e) => set({ received: e.currentTarget.value })} error={fault('received_at')} />
          )}
        </div>
        {draft.received && (
          <TextInput mt="sm" label="Why the date of receipt is not today" description="Name no person here: it is told in the evidence." required maxLength={500} value={draft.backdate}
            onChange={(e) => set({ backdate: e.currentTarget.value })} error={fault('backdate_reason')} />
        )}
        <AskedFor draft={given} known={known} set={set} lacks={lacks} />
        <Textarea mt="sm" label={asksForCorrection ? 'What is wrong, and what is right?' : 'In the person’s own words'} description={asksForCorrection ? 'In the person’s own words.' : undefined} autosize minRows={2} maxRows={8} maxLength={20000} value={draft.details} onChange={(e) => set({ details: e.currentTarget.value })} error={fault('details')} />
        {regime && given.rights.length > 0 && <DeadlineAhead regime={regime} rights={given.rights} received={draft.received} />}
        {file.error && <Failure error={file.error} />}
        <Group justify="flex-end" mt="md" gap="xs">
          <Button variant="default" onClick={onClose}>Discard</Button>
          <Button type="submit" loading={file.isPending}>{given.rights.length > 1 ? `File ${given.rights.length} requests` : 'File the request'}</Button>
        </Group>
      </form>
    </Modal>
  )
}

function useFile(draft: Draft, key: string, onClose: () => void) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: () => held(api.POST('/v1/requests', { params: { header: { 'Idempotency-Key': key } }, body: toBody(draft) })),
    onSuccess: (accepted) => {
      void queries.invalidateQueries({ queryKey: ['requests'] })
      void queries.invalidateQueries({ queryKey: ['obligations'] })
      if (accepted.also?.length) return // the dialog names them all
      onClose()
      void navigate({ to: '/requests/$id', params: { id: accepted.id }, search: {} })
    },
  })
}

/** What the server said of a field, to stand beside it. */
function faultsByField(error: unknown) {
  const faults = (error as Problem | null)?.faults ?? []
  return (field: string) => faults.find((f) => f.location === `body.${field}`)?.message
}
