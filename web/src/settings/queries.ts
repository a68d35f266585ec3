import { queryOptions } from '@tanstack/react-query'

import { api, held } from '../api/client'

export const keysQuery = queryOptions({ queryKey: ['api-keys'], queryFn: () => held(api.GET('/v1/api-keys')) })
