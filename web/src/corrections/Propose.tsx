import { Button, Checkbox, Group, Modal, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held } from '../api/client'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import { count } from '../words/words'
import classes from './corrections.module.css'
import { useReadAgain, type Field } from './queries'
import { Value } from './Value'

interface Props {
  request: string
  system: string
  systemName: string
  field: Field
  was: string | null
  onClose: () => void
}

/** How values of a type are written; the types are the systems' own names. */
function hintOf(type = ''): string | undefined {
  if (/^date$/i.test(type)) return 'Year, month and day, such as 1980-12-31.'
  if (/^(timestamp|datetime)/i.test(type)) return 'Such as 2026-03-29T01:30:00Z.'
  if (/^bool/i.test(type)) return 'true or false.'
  return undefined
}

/** Asks what a value is to become, and why. */
export function Propose({ request, system, systemName, field: f, was, onClose }: Props) {
  const [becomes, setBecomes] = useState(was ?? '')
  const [none, setNone] = useState(false)
  const [why, setWhy] = useState('')
  const [key, setKey] = useState(newKey)
  const queries = useQueryClient()
  const again = useReadAgain(request)
  const value = becomes.includes('\n') ? becomes : becomes.trim()
  const propose = useMutation({
    mutationFn: async () => {
      await held(api.POST('/v1/requests/{id}/corrections', {
        params: { path: { id: request }, header: { 'Idempotency-Key': key } },
        body: { system, dataset: f.dataset, collection: f.collection, field: f.field, ...(was === null ? {} : { was }), ...(none ? {} : { becomes: value }), why: why.trim() },
      }))
      await again()
    },
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['request', request] }); onClose() },
  })
  const changed = <T,>(set: (value: T) => void) => (value: T) => { set(value); setKey(newKey()); propose.reset() } // another act, so another key
  const rows = (f.present ?? []).find((p) => p.value === was)?.rows ?? 0
  const same = none ? was === null : value === was || value === ''
  return (
    <Modal opened onClose={onClose} title={`Correct ${f.field}`} size={560} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (!same) propose.mutate() }}>
        <p className={classes.where}>{systemName} › <code>{f.collection}.{f.field}</code>, in {count(rows, 'row')} of the person. Nobody else’s rows are touched.</p>
        <dl className={classes.was}><dt>It says now</dt><dd><Value text={was} /></dd></dl>
        <Textarea mt="sm" label="What is right" description={hintOf(f.type)} required={!none} disabled={none} autosize minRows={1} maxRows={10} maxLength={2000} data-autofocus value={none ? '' : becomes} onChange={(e) => changed(setBecomes)(e.currentTarget.value)} />
        {!f.required && was !== null && <Checkbox mt="xs" size="sm" label="There should be no value" checked={none} onChange={(e) => changed(setNone)(e.currentTarget.checked)} />}
        <Textarea mt="sm" label="Why" description="What shows that it is right. For the file." required autosize minRows={2} maxRows={8} maxLength={4000} value={why} onChange={(e) => changed(setWhy)(e.currentTarget.value)} />
        {f.manual && <p className={classes.note}>Docket can’t write this field: {f.manual}. When it is accepted, a person corrects it in the system and says so.</p>}
        {f.identity && <p className={classes.note}>{f.identity === 'reference' ? 'Other rows hang on it.' : 'The person is found by it.'} Once it is accepted, somebody other than you has it written.</p>}
        {propose.error && <Failure error={propose.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Discard</Button>
          <Button type="submit" disabled={same || why.trim() === ''} loading={propose.isPending}>Propose it</Button>
        </Group>
      </form>
    </Modal>
  )
}
