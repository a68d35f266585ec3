import { queryOptions } from '@tanstack/react-query'

import { api, held } from '../api/client'

export const keysQuery = queryOptions({ queryKey: ['api-keys'], queryFn: () => held(api.GET('/v1/api-keys')) })
export const retentionRulesQuery = queryOptions({ queryKey: ['retention-rules'], queryFn: () => held(api.GET('/v1/retention-rules')) })
