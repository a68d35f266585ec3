import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, held } from '../api/client'
import type { AuditFilter } from './filter'

export const eventsQuery = (filter: AuditFilter) =>
  queryOptions({ queryKey: ['audit', filter], queryFn: () => held(api.GET('/v1/audit/events', { params: { query: { limit: 100, ...filter } } })), placeholderData: keepPreviousData })

export const checkpointQuery = queryOptions({ queryKey: ['checkpoint'], queryFn: () => held(api.GET('/v1/audit/checkpoint')), retry: false })
