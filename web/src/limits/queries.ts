import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'
import type { LimitFilter } from './filter'

export type Limit = Schemas['LimitView']

export const limitsQuery = ({ lifted, ...filter }: LimitFilter) =>
  queryOptions({
    queryKey: ['limits', filter, lifted],
    queryFn: () => held(api.GET('/v1/limits', { params: { query: { limit: 50, ...filter, lifted: lifted === 'yes' } } })),
    placeholderData: keepPreviousData,
  })
