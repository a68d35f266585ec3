import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { Empty } from '../page/Empty'
import { narrowed, type RequestFilter } from './filter'

export function NoRequests({ filter, onCreate }: { filter: RequestFilter; onCreate?: () => void }) {
  if (narrowed(filter) || filter.cursor) {
    return (
      <Empty title="No request fits the filter" action={<Link to="/requests" search={{}}>Show all requests</Link>}>
        Every filter must fit at once. Take one away, or look at all.
      </Empty>
    )
  }
  return (
    <Empty title="No requests yet" action={onCreate && <Button onClick={onCreate}>New request</Button>}>
      They come in through your public form, through the API, or when you file what came by letter, e-mail or telephone.
    </Empty>
  )
}
