import { queryOptions, useQueryClient } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'

export type Contested = Schemas['ContestedView']
export type HumanReview = Schemas['HumanReviewView']

/** The decision that a person contests, in their own words. Looking at it is recorded: it is read when somebody asks for it, and again only after an act of their own. */
export const decisionQuery = (id: string) => queryOptions({
  queryKey: ['looked-at', id, 'decision'],
  queryFn: () => held(api.GET('/v1/requests/{id}/decision', { params: { path: { id } } })),
  staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false, gcTime: 0,
})

/** Reads it once more, where somebody has read it before. */
export function useDecisionAgain(id: string): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    if (queries.getQueryData(decisionQuery(id).queryKey)) await queries.fetchQuery({ ...decisionQuery(id), staleTime: 0 })
  }
}
