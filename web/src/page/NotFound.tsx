import { Link } from '@tanstack/react-router'

import { Page } from './Page'

const why = 'It may have been cut off when it was copied, or it belongs to another tenant.'

/** An address that leads nowhere, for somebody who is inside. */
export function NotFound() {
  return <Page title="There is nothing under this address" narrow lead={why}><Link to="/">Go to the docket</Link></Page>
}
