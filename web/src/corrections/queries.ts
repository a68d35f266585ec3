import { queryOptions, useQueryClient } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'
import { progressQuery, requestQuery } from '../request/queries'

export type Corrections = Schemas['RequestCorrections']
export type Correction = Schemas['CorrectionView']
export type Holding = Schemas['HoldingView']
export type Field = Schemas['HeldField']

/** What was read, and where the request stood then. */
export interface Read extends Corrections {
  readAt: string
}

/** Where a request stands: its state, and how often the systems were read for it. */
export const placeOf = (state: string | undefined, round: number | undefined) => `${state ?? ''} ${round ?? 0}`

/** What the systems say of the person and what is to be corrected. Looking at it is recorded: it is read when somebody asks for it, and again only after an act of their own. */
export const correctionsQuery = (id: string) => queryOptions({
  queryKey: ['looked-at', id, 'corrections'],
  queryFn: async ({ client }): Promise<Read> => {
    const readAt = placeOf(client.getQueryData(requestQuery(id).queryKey)?.state, client.getQueryData(progressQuery(id).queryKey)?.round)
    return { ...await held(api.GET('/v1/requests/{id}/corrections', { params: { path: { id } } })), readAt }
  },
  staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false, gcTime: 0,
})

/** Reads it once more, where somebody has read it before. */
export function useReadAgain(id: string): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    if (!queries.getQueryData(correctionsQuery(id).queryKey)) return
    await queries.fetchQuery({ ...correctionsQuery(id), staleTime: 0 })
  }
}
