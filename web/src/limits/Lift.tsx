import { Button, Group, Modal, Radio, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { newKey } from '../api/transport'
import { Failure } from '../page/Failure'
import { tenantQuery } from '../requests/queries'
import { useMay, useZone } from '../session/session'
import { longDayOf } from '../time/moment'
import { useNow } from '../time/now'
import { limitKinds, liftReasons } from '../words/limits'
import { word } from '../words/words'
import type { Limit } from './queries'

type Reason = Schemas['LiftLimitBody']['reason']

const day = 86_400_000

/** Why a limit of a request under a right may be lifted. What nothing is weighed against only the person has lifted, or a fraud ends. */
export function reasonsFor(limit: Limit, right: string): Reason[] {
  const optedOut = right === 'opt_out' || right === 'limit_use'
  const weighed = !optedOut && limit.kind !== 'direct_marketing'
  return [...(weighed && !limit.ends_at ? ['ground_gone' as const] : []), 'person_asked', ...(optedOut ? ['fraud_belief' as const] : [])]
}

/** Asks why a limit is lifted, and says what the person hears and when it ends. */
export function Lift({ limit, right, onClose }: { limit: Limit; right: string; onClose: () => void }) {
  const may = useMay()
  const zone = useZone()
  const now = useNow()
  const tenant = useQuery({ ...tenantQuery, enabled: may('get-tenant') })
  const reasons = reasonsFor(limit, right)
  const [reason, setReason] = useState<Reason | undefined>(reasons.length === 1 ? reasons[0] : undefined)
  const [note, setNote] = useState('')
  const [key, setKey] = useState(newKey)
  const queries = useQueryClient()
  const lift = useMutation({
    mutationFn: (reason: Reason) => held(api.POST('/v1/requests/{id}/limits/{limit}/lift', {
      params: { path: { id: limit.request_id, limit: limit.id }, header: { 'Idempotency-Key': key } }, body: { reason, note: note.trim() },
    })),
    onSuccess: () => {
      for (const queryKey of [['request', limit.request_id], ['limits']]) void queries.invalidateQueries({ queryKey })
      onClose()
    },
  })
  const changed = <T,>(set: (value: T) => void) => (value: T) => { set(value); setKey(newKey()); lift.reset() } // another act, so another key
  const ends = longDayOf(new Date(now + (tenant.data?.settings.lift_notice_days ?? 3) * day).toISOString(), zone)
  const explained: Record<Reason, string> = {
    ground_gone: `What it rested on is over: the data was checked, the claim is settled. The person is told first (Art. 18(3) GDPR); it ends on ${ends}.`,
    person_asked: 'It ends at once, and the person has that in writing.',
    fraud_belief: 'You believe in good faith, with reasons and on record, that somebody else asked for it (11 CCR 7026, 7027). It ends at once, and the person is told why.',
  }
  return (
    <Modal opened onClose={onClose} title={`Lift: ${word(limitKinds, limit.kind)}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (reason) lift.mutate(reason) }}>
        <Radio.Group label="Why it is lifted" required value={reason ?? ''} onChange={(v) => changed(setReason)(v as Reason)}>
          {reasons.map((r) => <Radio key={r} mt="xs" size="sm" value={r} label={liftReasons[r]} description={explained[r]} />)}
        </Radio.Group>
        <Textarea mt="sm" label="Note for the file" description="What you know it by. For staff only." required autosize minRows={2} maxRows={8} maxLength={10000} value={note} onChange={(e) => changed(setNote)(e.currentTarget.value)} />
        {lift.error && <Failure error={lift.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" color="red.8" disabled={!reason || note.trim() === ''} loading={lift.isPending}>{reason === 'ground_gone' ? `Tell the person, and lift it on ${ends}` : reason ? 'Lift it now' : 'Choose why'}</Button>
        </Group>
      </form>
    </Modal>
  )
}
