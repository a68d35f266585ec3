import { queryOptions } from '@tanstack/react-query'

import { api, held, items, type Schemas } from '../api/client'

export type Transmission = Schemas['TransmissionView']

/** Whom a package was sent to directly. Looking at it is recorded, so it is read when its part is opened, and while something is on its way. */
export const transmissionsQuery = (id: string) => queryOptions({
  queryKey: ['looked-at', id, 'transmissions'],
  queryFn: async () => items(await held(api.GET('/v1/requests/{id}/transmissions', { params: { path: { id } } }))),
  staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false, gcTime: 0,
})
