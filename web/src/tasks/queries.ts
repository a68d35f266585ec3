import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, held } from '../api/client'

export interface TaskFilter {
  kind?: 'review' | 'identity_check' | 'collection_failed' | 'message'
  cursor?: string
}

export const tasksQuery = (filter: TaskFilter) =>
  queryOptions({
    queryKey: ['tasks', filter],
    queryFn: () => held(api.GET('/v1/tasks', { params: { query: { limit: 100, ...filter } } })),
    placeholderData: keepPreviousData,
  })
