import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, held } from '../api/client'
import { endOfDay } from '../time/zoned'
import type { BoardFilter } from './filter'

export const boardQuery = (filter: BoardFilter, zone: string) =>
  queryOptions({
    queryKey: ['obligations', 'board', filter, zone],
    queryFn: () => held(api.GET('/v1/obligations', {
      params: { query: { limit: 100, state: filter.state, kind: filter.kind, cursor: filter.cursor, due_before: filter.until && endOfDay(filter.until, zone) } },
    })),
    placeholderData: keepPreviousData,
  })
