import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'
import type { DeferredFilter } from './filter'

export type Deferred = Schemas['DeferralLine']
export type Kept = Schemas['DeferredKept']

export const deferredQuery = ({ done, request, cursor }: DeferredFilter) => queryOptions({
  queryKey: ['deferred', done, request, cursor],
  queryFn: () => held(api.GET('/v1/deferred-erasures', { params: { query: { done: done === 'yes', request, cursor } } })),
  placeholderData: keepPreviousData,
})

/** Whose rows they are: each reading is a look that is recorded, so nothing reads it again by itself. */
export const whoseQuery = (id: string) => queryOptions({
  queryKey: ['looked-at', id, 'deferred'],
  queryFn: () => held(api.GET('/v1/deferred-erasures/{id}', { params: { path: { id } } })),
  staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false,
})
