import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'

import { erasureQuery } from '../erasure/queries'
import type { Task } from './useClaim'

/** The check sum of the plan that is approved: of the one that stood here when the decision was chosen. */
export function PlanRead({ task, value, set }: { task: Task; value: string; set: (value: string) => void }) {
  const now = useQuery(erasureQuery(task.request_id)).data?.sha256
  useEffect(() => { if (now && value === '') set(now) }, [now, value, set])
  if (!now || value === '' || now === value) return <p className="dim" style={{ margin: 0 }}>This approves the plan with the check sum <code>{value.slice(0, 16)}…</code>, and no other.</p>
  return (
    <div role="alert">
      <p style={{ margin: '0 0 4px' }}><strong>The plan has changed since.</strong> What is told of it above is how it is now: read it before you approve it.</p>
      <Button size="xs" variant="default" onClick={() => set(now)}>I have read the new plan</Button>
    </div>
  )
}
