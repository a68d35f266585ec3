import { Link } from '@tanstack/react-router'

import { Door } from '../session/Door'

export function NotFound() {
  return (
    <Door title="There is nothing under this address">
      <p>It may have been cut off when it was copied, or it belongs to another tenant.</p>
      <Link to="/">Go to the docket</Link>
    </Door>
  )
}
