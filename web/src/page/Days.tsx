import { TextInput } from '@mantine/core'

import { useZone } from '../session/session'
import { dateKey } from '../time/moment'
import { startOfDay } from '../time/zoned'

interface Props {
  /** What happened on the days. */
  label?: string
  from?: string
  before?: string
  set: (from: string | undefined, before: string | undefined) => void
}

/** Days as people give them, from and until with the last one in it; the API is asked by moments in the tenant's zone. */
export function Days({ label, from, before, set }: Props) {
  const zone = useZone()
  const first = from ? dateKey(from, zone) : ''
  const last = before ? dateKey(new Date(before).getTime() - 1, zone) : ''
  return (
    <>
      <TextInput size="xs" type="date" label={label ? `${label} from` : 'From'} value={first} onChange={(e) => set(e.currentTarget.value ? startOfDay(e.currentTarget.value, zone) : undefined, before)} />
      <TextInput size="xs" type="date" label={label ? `${label} until` : 'Until'} value={last} onChange={(e) => set(from, e.currentTarget.value ? startOfDay(e.currentTarget.value, zone, 1) : undefined)} />
    </>
  )
}
