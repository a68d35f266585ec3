import { queryOptions } from '@tanstack/react-query'

import { api, held, items, type Schemas } from '../api/client'

export type Transmission = Schemas['TransmissionView']
export type TransmissionLink = Schemas['TransmissionLinkView']

/** Whom a package was sent to directly. Looking at it is recorded, so it is read when its part is opened, and while something is on its way. */
export const transmissionsQuery = (id: string) => queryOptions({
  queryKey: ['looked-at', id, 'transmissions'],
  queryFn: async () => items(await held(api.GET('/v1/requests/{id}/transmissions', { params: { path: { id } } }))),
  staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false, gcTime: 0,
})

/** The links by which other companies fetch a package. Looking at them is recorded, too. */
export const transmissionLinksQuery = (id: string) => queryOptions({
  queryKey: ['looked-at', id, 'transmission-links'],
  queryFn: async () => items(await held(api.GET('/v1/requests/{id}/transmission-links', { params: { path: { id } } }))),
  staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false, gcTime: 0,
})
