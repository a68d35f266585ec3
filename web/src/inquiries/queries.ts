import { queryOptions } from '@tanstack/react-query'

import { api, held, items, type Schemas } from '../api/client'

export type Inquiry = Schemas['InquiryView']

/** Who else was asked. Looking at it is recorded, so it is read when its part is opened. */
export const inquiriesQuery = (id: string) => queryOptions({
  queryKey: ['looked-at', id, 'inquiries'],
  queryFn: async () => items(await held(api.GET('/v1/requests/{id}/inquiries', { params: { path: { id } } }))),
  staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false, gcTime: 0,
})

/** Whether an answer may still come. */
export const open = (i: Inquiry) => i.state === 'open' || i.state === 'asked'
