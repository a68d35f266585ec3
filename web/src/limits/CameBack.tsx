import { Button, Select } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import { useMay } from '../session/session'
import { cameBackReasons } from '../words/limits'
import classes from './limits.module.css'

type Body = Schemas['CameBackInBody']

/** Takes somebody in again who was erased: they have come back by themselves, or somebody else was meant. */
export function CameBack({ person, done }: { person: Body['person']; done: () => void }) {
  const may = useMay()
  const [reason, setReason] = useState<string | null>(null)
  const [key, setKey] = useState(newKey)
  const end = useMutation({ gcTime: 0, mutationFn: (body: Body) => held(api.POST('/v1/suppressions/end', { params: { header: { 'Idempotency-Key': key } }, body })), onSuccess: done })
  const choose = (value: string | null) => { setReason(value); setKey(newKey()); end.reset() } // another act, so another key
  if (!may('end-suppression')) return null
  return (
    <section className={classes.back} aria-label="They have come back">
      <Select size="xs" label="They have come back" description="They may be written to and taken in again, until they are erased once more. Keep the proof of it." placeholder="How do you know?" data={Object.entries(cameBackReasons).map(([value, label]) => ({ value, label }))} value={reason} onChange={choose} />
      <Button size="xs" variant="default" disabled={!reason} loading={end.isPending} onClick={() => end.mutate({ person, reason: reason as Body['reason'] })}>Take them in again</Button>
      {end.error && <Failure error={end.error} />}
    </section>
  )
}
