import { Link } from '@tanstack/react-router'

import { Empty } from './Empty'
import { useTitle } from './Page'

export function NotFound() {
  useTitle('Nothing here')
  return (
    <Empty title="There is nothing under this address" action={<Link to="/">Go to the docket</Link>}>
      It may have been cut off when it was copied, or it belongs to another tenant.
    </Empty>
  )
}
