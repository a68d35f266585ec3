import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, held } from '../api/client'

// A report reads every request of its time: it is drawn when it is asked for, not again when the window is looked at.
const once = { staleTime: 5 * 60_000, refetchOnWindowFocus: false, placeholderData: keepPreviousData } as const

export const timelinessQuery = (from: string, to: string) =>
  queryOptions({ queryKey: ['reports', 'timeliness', from, to], queryFn: () => held(api.GET('/v1/reports/timeliness', { params: { query: { from, to } } })), ...once })

export const ccpaQuery = (year: number) =>
  queryOptions({ queryKey: ['reports', 'ccpa', year], queryFn: () => held(api.GET('/v1/reports/ccpa', { params: { query: { year } } })), ...once })
