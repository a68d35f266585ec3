import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, held } from '../api/client'
import { endOfDay } from '../time/zoned'
import type { BoardFilter } from './filter'

export const boardQuery = ({ until, ...filter }: BoardFilter, zone: string) =>
  queryOptions({
    queryKey: ['obligations', 'board', filter, until ?? '', zone],
    queryFn: () => held(api.GET('/v1/obligations', { params: { query: { limit: 100, ...filter, due_before: until && endOfDay(until, zone) } } })),
    placeholderData: keepPreviousData,
  })

/** How far the chart looks. */
export const horizonDays = 30

export const horizonQuery = queryOptions({
  queryKey: ['obligations', 'horizon'],
  queryFn: () => held(api.GET('/v1/obligations/horizon', { params: { query: { days: horizonDays } } })),
})
