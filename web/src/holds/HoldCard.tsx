import { Button, Group, Modal, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items } from '../api/client'
import { dayInWords } from '../erasure/days'
import { Failure } from '../page/Failure'
import { Tag } from '../page/Tag'
import { useStaff } from '../requests/staff'
import { useMay } from '../session/session'
import { systemsQuery } from '../systems/queries'
import { Day } from '../time/Moment'
import { count } from '../words/words'
import classes from './holds.module.css'
import type { Hold } from './queries'

/** A hold: for what, how far it reaches, when somebody looks at it again. */
export function HoldCard({ hold: h, today }: { hold: Hold; today: string }) {
  const may = useMay()
  const { nameOf } = useStaff()
  const systems = useQuery({ ...systemsQuery, enabled: may('list-systems') && (h.systems ?? []).length > 0 })
  const [lifting, setLifting] = useState(false)
  const late = !h.lifted_at && h.review_on < today
  const named = (h.systems ?? []).map((key) => items(systems.data).find((s) => s.key === key)?.name ?? key)
  const by = (id: string | undefined) => nameOf(id) ?? 'a program or somebody else'
  return (
    <section className={classes.hold} aria-label={h.matter}>
      <div className={classes.head}>
        <h2 className={classes.matter}>{h.matter}</h2>
        {h.lifted_at ? <Tag risk="done">Lifted</Tag> : <Tag risk={late ? 'overdue' : undefined}>{late ? `Review overdue since ${dayInWords(h.review_on)}` : `Review on ${dayInWords(h.review_on)}`}</Tag>}
        {may('lift-hold') && !h.lifted_at && <Button className={classes.act} size="xs" variant="default" aria-label={`Lift the hold ${h.matter}`} onClick={() => setLifting(true)}>Lift the hold</Button>}
      </div>
      <p>{h.reason}</p>
      <p className="dim">{h.citation}. {count(h.people, 'mark')} of people, {named.length === 0 ? 'in every system' : `in ${named.join(', ')}`}. Placed by {by(h.placed_by)} on <Day at={h.placed_at} />.</p>
      {h.lifted_at && <p>Lifted by {by(h.lifted_by)} on <Day at={h.lifted_at} />: {h.lift_reason}</p>}
      {lifting && <Lift hold={h} onClose={() => setLifting(false)} />}
    </section>
  )
}

function Lift({ hold, onClose }: { hold: Hold; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const queries = useQueryClient()
  const lift = useMutation({
    mutationFn: () => held(api.POST('/v1/holds/{id}/lift', { params: { path: { id: hold.id } }, body: { reason: reason.trim() } })),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['holds'] }); onClose() },
  })
  return (
    <Modal opened onClose={onClose} title={`Lift the hold ${hold.matter}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); lift.mutate() }}>
        <p style={{ marginTop: 0 }}>What it kept can be erased again. Requests whose plan was made under it are planned anew. Whether it is still needed, somebody who knows the matter should have said.</p>
        <Textarea label="Why it is no longer needed" required autosize minRows={2} maxRows={8} maxLength={2000} data-autofocus value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
        {lift.error && <Failure error={lift.error} />}
        <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Leave it</Button><Button type="submit" color="red.8" disabled={reason.trim() === ''} loading={lift.isPending}>Lift the hold</Button></Group>
      </form>
    </Modal>
  )
}
