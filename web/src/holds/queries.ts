import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'

export type Hold = Schemas['HoldView']

export const holdsQuery = (lifted: boolean) =>
  queryOptions({ queryKey: ['holds', lifted], queryFn: () => held(api.GET('/v1/holds', { params: { query: { lifted } } })), placeholderData: keepPreviousData })
