import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, held } from '../api/client'
import type { paths } from '../api/schema'

export type TaskFilter = Omit<NonNullable<paths['/v1/tasks']['get']['parameters']['query']>, 'limit'>

export const tasksQuery = (filter: TaskFilter) =>
  queryOptions({
    queryKey: ['tasks', filter],
    queryFn: () => held(api.GET('/v1/tasks', { params: { query: { limit: 100, ...filter } } })),
    placeholderData: keepPreviousData,
  })
