import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, held } from '../api/client'
import type { RequestFilter } from './filter'

export const requestsQuery = (filter: RequestFilter) =>
  queryOptions({
    queryKey: ['requests', filter],
    queryFn: () => held(api.GET('/v1/requests', { params: { query: { limit: 50, ...filter } } })),
    placeholderData: keepPreviousData,
  })

export const policiesQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: () => held(api.GET('/v1/policies')),
  staleTime: 60 * 60_000,
})

export const tenantQuery = queryOptions({ queryKey: ['tenant'], queryFn: () => held(api.GET('/v1/tenant')), staleTime: 5 * 60_000 })

export const staffQuery = queryOptions({ queryKey: ['staff'], queryFn: () => held(api.GET('/v1/staff')), staleTime: 5 * 60_000 })
