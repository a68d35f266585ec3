import { Button, CopyButton, Group, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items } from '../api/client'
import { Confirm } from '../page/Confirm'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Tag } from '../page/Tag'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { domainStates } from '../words/mail'
import { word } from '../words/words'
import classes from './mail.module.css'
import { domainsQuery, type MailDomain } from './queries'

/** The domains from which the tenant sends: From and Reply-To are compared with those that are verified. */
export function Domains() {
  const may = useMay()
  const answer = useQuery(domainsQuery)
  const domains = answer.data && items(answer.data)
  return (
    <Panel title="Domains">
      <p className="dim prose" style={{ margin: '0 0 8px' }}>From and Reply-To must belong to one of these. A domain is verified by a record that only its owner can put into DNS; what stands below it counts with it.</p>
      {answer.isPending && <Waiting lines={2} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {domains?.length === 0 && <p>No domain yet, so From and Reply-To are not compared.</p>}
      {domains && domains.length > 0 && <ul className={classes.domains}>{domains.map((d) => <One key={d.id} domain={d} />)}</ul>}
      {may('add-mail-domain') && <Add />}
    </Panel>
  )
}

function useAgain() {
  const queries = useQueryClient()
  return () => void queries.invalidateQueries({ queryKey: ['mail-domains'] })
}

function Add() {
  const again = useAgain()
  const [domain, setDomain] = useState('')
  const add = useMutation({ mutationFn: () => held(api.POST('/v1/mail/domains', { body: { domain: domain.trim() } })), onSuccess: () => { setDomain(''); again() } })
  return (
    <form className={classes.add} onSubmit={(e) => { e.preventDefault(); add.mutate() }}>
      <TextInput label="Another domain" placeholder="example.com" maxLength={253} autoComplete="off" spellCheck={false} value={domain} onChange={(e) => { setDomain(e.currentTarget.value); add.reset() }} />
      <Button type="submit" variant="default" disabled={domain.trim() === ''} loading={add.isPending}>Add the domain</Button>
      {add.error && <Failure error={add.error} />}
    </form>
  )
}

function One({ domain: d }: { domain: MailDomain }) {
  const may = useMay()
  const again = useAgain()
  const [removing, setRemoving] = useState(false)
  const path = { params: { path: { id: d.id } } }
  const verify = useMutation({ mutationFn: () => held(api.POST('/v1/mail/domains/{id}/verify', path)), onSuccess: again })
  const remove = useMutation({ mutationFn: () => held(api.DELETE('/v1/mail/domains/{id}', path)), onSuccess: again })
  const missing = verify.data && (verify.data.state !== 'verified' || verify.data.missing_since)
  return (
    <li className={classes.domain} aria-label={d.domain}>
      <div className={classes.domainHead}>
        <span><strong>{d.domain}</strong> <Tag risk={d.state === 'lapsed' ? 'overdue' : d.state === 'pending' ? 'soon' : undefined}>{word(domainStates, d.state)}</Tag>{d.seen_at && <span className="dim"> seen <Ago at={d.seen_at} /></span>}</span>
        <Group gap="xs">
          {may('verify-mail-domain') && <Button size="xs" variant="default" loading={verify.isPending} aria-label={`Verify ${d.domain}`} onClick={() => verify.mutate()}>Verify</Button>}
          {may('remove-mail-domain') && <Button size="xs" variant="default" aria-label={`Remove ${d.domain}`} onClick={() => setRemoving(true)}>Remove</Button>}
        </Group>
      </div>
      {d.state !== 'verified' && <Record domain={d} />}
      <div role="status">{missing && !verify.isPending && <p className={classes.missing}>The record is not in DNS. A new one can take an hour until it is seen everywhere.</p>}</div>
      {verify.error && <Failure error={verify.error} />}
      {removing && <Confirm title={`Remove ${d.domain}`} action="Remove the domain" pending={remove.isPending} error={remove.error} onConfirm={() => remove.mutate()} onClose={() => setRemoving(false)}>Messages from it are found fault with from then on.</Confirm>}
    </li>
  )
}

function Record({ domain: { record: r } }: { domain: MailDomain }) {
  return (
    <dl className={classes.record}>
      <div><dt>Name</dt><dd><code>{r.name}</code></dd></div>
      <div><dt>Type</dt><dd><code>{r.type}</code></dd></div>
      <div><dt>Value</dt><dd><code>{r.value}</code> <CopyButton value={r.value}>{({ copied, copy }) => <Button size="compact-xs" variant="subtle" onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton></dd></div>
    </dl>
  )
}
