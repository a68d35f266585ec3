import { Button, CopyButton, Group, Modal, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held } from '../api/client'
import { Confirm } from '../page/Confirm'
import { Facts } from '../page/Facts'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Day } from '../time/Moment'
import classes from './settings.module.css'

/** The certificate by which controllers check what they are told. */
export function ProcessorKey() {
  const may = useMay()
  const queries = useQueryClient()
  const [open, setOpen] = useState<'certificate' | 'replace'>()
  const answer = useQuery({ queryKey: ['processor-key'], queryFn: () => held(api.GET('/v1/processor-key')), retry: false })
  const replace = useMutation({
    mutationFn: () => held(api.POST('/v1/processor-key')),
    onSuccess: (key) => { queries.setQueryData(['processor-key'], key); setOpen(undefined) },
  })
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting lines={3} height={24} />
  const key = answer.data
  return (
    <section className={classes.hook} aria-label="What controllers are told">
      <h2 className={classes.heading}>What controllers are told</h2>
      <Facts
        facts={[
          ['They configure', <code key="base">{key.base_url}</code>],
          ['Signed for', key.domain],
          ['Certificate', <>{key.self_signed ? 'signed by its own key; have an authority sign the request' : 'of an authority'}, good until <Day at={key.expires_at} /></>],
          ['SHA-256', <code key="print" style={{ overflowWrap: 'anywhere' }}>{key.fingerprint_sha256}</code>],
        ]}
      />
      {may('replace-processor-key') && (
        <Group gap="xs" mt="sm">
          <CopyButton value={key.signing_request}>{({ copied, copy }) => <Button size="xs" variant="default" onClick={copy}>{copied ? 'Copied' : 'Copy the signing request'}</Button>}</CopyButton>
          <Button size="xs" variant="default" onClick={() => setOpen('certificate')}>Put in a certificate</Button>
          <Button size="xs" variant="default" onClick={() => setOpen('replace')}>Replace the key</Button>
        </Group>
      )}
      {open === 'certificate' && <CertificateForm onClose={() => setOpen(undefined)} />}
      {open === 'replace' && (
        <Confirm title="Replace the key that signs" action="Make another key" pending={replace.isPending} error={replace.error} onClose={() => setOpen(undefined)} onConfirm={() => replace.mutate()}>
          What is sent from now on is signed by another key, with a certificate of its own. The one before is destroyed; its certificate can still be fetched.
        </Confirm>
      )}
    </section>
  )
}

function CertificateForm({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const [chain, setChain] = useState('')
  const put = useMutation({
    mutationFn: () => held(api.PUT('/v1/processor-key/certificate', { body: { certificate: chain } })),
    onSuccess: (key) => { queries.setQueryData(['processor-key'], key); onClose() },
  })
  return (
    <Modal opened onClose={onClose} title="Put in a certificate" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); put.mutate() }}>
        <Textarea label="Certificates in PEM" description="The key’s own first, then those that lead to the authority." autosize minRows={6} maxRows={14} required data-autofocus value={chain} onChange={(e) => setChain(e.currentTarget.value)} />
        {put.error && <Failure error={put.error} />}
        <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Discard</Button><Button type="submit" loading={put.isPending}>Use the certificate</Button></Group>
      </form>
    </Modal>
  )
}
