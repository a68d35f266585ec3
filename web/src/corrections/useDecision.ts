import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { newKey } from '../api/transport'
import { useReadAgain } from './queries'

type Decision = Schemas['CorrectionDecision']

/** Decides on a correction; what stands then is read again. */
export function useDecision(request: string, correction: string, done?: () => void) {
  const queries = useQueryClient()
  const again = useReadAgain(request)
  const [key, setKey] = useState(newKey)
  return useMutation({
    mutationFn: async (body: Decision) => {
      await held(api.POST('/v1/requests/{id}/corrections/{correction}', { params: { path: { id: request, correction }, header: { 'Idempotency-Key': key } }, body }))
      await again()
    },
    onSuccess: () => {
      setKey(newKey()) // the next decision is another act
      void queries.invalidateQueries({ queryKey: ['request', request] })
      done?.()
    },
  })
}
