import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'

export type Hold = Schemas['HoldView']

export const holdsQuery = (lifted: boolean, cursor?: string) =>
  queryOptions({ queryKey: ['holds', lifted, cursor], queryFn: () => held(api.GET('/v1/holds', { params: { query: { lifted, cursor, limit: 100 } } })), placeholderData: keepPreviousData })
