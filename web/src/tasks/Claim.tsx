import { Button, Group, TextInput } from '@mantine/core'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { useStaff } from '../requests/staff'
import { useMay, useSession } from '../session/session'
import { Ago } from '../time/Moment'
import { useClaim, type Task } from './useClaim'
import classes from './tasks.module.css'

/** Who has taken a task on; for everybody else it cannot be decided meanwhile. */
export function Claim({ task }: { task: Task }) {
  const may = useMay()
  const { staff_id: me, role } = useSession()
  const { nameOf } = useStaff()
  const claim = useClaim(task)
  const mine = !!task.claimed_by && task.claimed_by === me
  const officer = role === 'admin' || role === 'dpo'
  return (
    <div className={classes.claim}>
      <Group gap="xs">
        <span className="dim">
          {!task.claimed_by && 'Nobody has taken it on.'}
          {mine && 'You have taken it on.'}
          {task.claimed_by && !mine && `${nameOf(task.claimed_by) ?? 'A program or somebody else'} has taken it on`}
          {task.claimed_by && !mine && task.claimed_at && <> <Ago at={task.claimed_at} />.</>}
        </span>
        {may('claim-task') && !task.claimed_by && <Button size="compact-xs" variant="default" loading={claim.isPending} onClick={() => claim.mutate({})}>Take it on</Button>}
        {may('release-task') && mine && <Button size="compact-xs" variant="default" loading={claim.isPending} onClick={() => claim.mutate({ release: true })}>Give it back</Button>}
      </Group>
      {may('claim-task') && task.claimed_by && !mine && officer && <TakeOver busy={claim.isPending} take={(reason) => claim.mutate({ reason })} />}
      {claim.error && <Failure error={claim.error} />}
    </div>
  )
}

function TakeOver({ busy, take }: { busy: boolean; take: (reason: string) => void }) {
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  if (!open) return <Button mt={4} size="compact-xs" variant="default" onClick={() => setOpen(true)}>Take it over</Button>
  return (
    <form onSubmit={(e) => { e.preventDefault(); take(reason.trim()) }}>
      <Group gap="xs" align="end" mt={4}>
        <TextInput label="Why you take it over" description="It goes to the file." size="xs" required maxLength={2000} value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
        <Button type="submit" size="xs" variant="default" loading={busy}>Take it over</Button>
      </Group>
    </form>
  )
}
