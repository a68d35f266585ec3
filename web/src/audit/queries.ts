import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, held } from '../api/client'

export const eventsQuery = (cursor: string | undefined) =>
  queryOptions({ queryKey: ['audit', cursor ?? ''], queryFn: () => held(api.GET('/v1/audit/events', { params: { query: { limit: 100, cursor } } })), placeholderData: keepPreviousData })

export const checkpointQuery = queryOptions({ queryKey: ['checkpoint'], queryFn: () => held(api.GET('/v1/audit/checkpoint')), retry: false })
