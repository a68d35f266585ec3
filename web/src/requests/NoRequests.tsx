import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { Empty } from '../page/Empty'
import type { RequestFilter } from './filter'

export function NoRequests({ filter, onCreate }: { filter: RequestFilter; onCreate?: () => void }) {
  if (Object.keys(filter).length > 0) {
    return (
      <Empty title="No request fits the filter" action={<Link to="/requests" search={{}}>Show all requests</Link>}>
        Requests that are closed, or under another right or law, are not shown with it.
      </Empty>
    )
  }
  return (
    <Empty title="No requests yet" action={onCreate && <Button onClick={onCreate}>New request</Button>}>
      They come in through your public form, through the API, or when you file what came by letter, e-mail or telephone.
    </Empty>
  )
}
