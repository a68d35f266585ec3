import { queryOptions } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'
import { asProblem } from '../api/problem'

export type Erasure = Schemas['ErasureView']
export type ErasedSystem = Schemas['ErasedSystem']
export type PlanOfSystem = Schemas['ErasureSystemPlan']
export type Line = Schemas['ErasureLine']
export type Decision = Schemas['PlanDecision']
export type Recipient = Schemas['RecipientView']
export type Certificate = Schemas['CertificateView']

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

/** Who must hear of an erasure, a correction or a restriction (Art. 19 GDPR); nobody before it is carried out. */
export const recipientsQuery = (id: string) => queryOptions({
  queryKey: ['request', id, 'recipients'],
  queryFn: async () => (await held(api.GET('/v1/requests/{id}/recipients', { params: { path: { id } } }))).items ?? [],
})

/** How often a certificate that waits for its signature is asked for. */
const signing = 2000

/** The certificate of an erasure: unsigned while it waits for its signature, null where there is none. */
export const certificateQuery = (id: string) => queryOptions({
  queryKey: ['request', id, 'certificate'],
  queryFn: async (): Promise<Certificate | 'unsigned' | null> => {
    try {
      return await held(api.GET('/v1/requests/{id}/erasure/certificate', { params: { path: { id } } }))
    } catch (error) {
      const { status, code } = asProblem(error)
      if (code === 'no-certificate-yet') return 'unsigned'
      if (status === 404) return null
      throw error
    }
  },
  refetchInterval: (q) => (q.state.data === 'unsigned' ? signing : false),
})

/** The states in which an erasure has a plan: before them it is not made, and while systems are counted anew the one before holds no more. */
export function planned(request: { right: string; state: string }): boolean {
  return request.right === 'erasure' && ['reviewing', 'approving', 'scheduled', 'executing', 'closed'].includes(request.state)
}
