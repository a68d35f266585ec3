import { queryOptions } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'
import { asProblem } from '../api/problem'

export type Erasure = Schemas['ErasureView']
export type PlanOfSystem = Schemas['ErasureSystemPlan']
export type Line = Schemas['ErasureLine']
export type Decision = Schemas['PlanDecision']

/** The plan of an erasure; null while there is none, and once it was forgotten with the person. */
export const erasureQuery = (id: string) => queryOptions({
  queryKey: ['request', id, 'erasure'],
  queryFn: async (): Promise<Erasure | null> => {
    try {
      return await held(api.GET('/v1/requests/{id}/erasure', { params: { path: { id } } }))
    } catch (error) {
      if ([404, 410].includes(asProblem(error).status)) return null
      throw error
    }
  },
})

/** The states in which an erasure has a plan: before them it is not made, and while systems are counted anew the one before holds no more. */
export function planned(request: { right: string; state: string }): boolean {
  return request.right === 'erasure' && ['reviewing', 'approving', 'scheduled', 'executing', 'closed'].includes(request.state)
}
