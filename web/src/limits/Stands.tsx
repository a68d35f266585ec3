import { Tag } from '../page/Tag'
import { Day } from '../time/Moment'
import type { Limit } from './queries'

/** Whether a limit stands, and until when. */
export function Stands({ limit: l }: { limit: Limit }) {
  if (l.lifted_at) return <Tag risk="done">Lifted on <Day at={l.lifted_at} /></Tag>
  if (l.ends_at) return <Tag>Ends on <Day at={l.ends_at} /></Tag>
  return <Tag>{l.provisional ? 'Stands while it is decided' : 'Stands'}</Tag>
}
