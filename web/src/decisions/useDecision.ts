import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { newKey } from '../api/transport'
import { useDecisionAgain } from './queries'

/** Does something about a contested decision, once per act; what stands then is read again. */
export function useDecision(request: string, act: (key: string) => Promise<unknown>, done: () => void) {
  const queries = useQueryClient()
  const again = useDecisionAgain(request)
  const [key, setKey] = useState(newKey)
  const doing = useMutation({
    mutationFn: async () => {
      await act(key)
      await again()
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['request', request] })
      done()
    },
  })
  const changed = <T,>(set: (value: T) => void) => (value: T) => { set(value); setKey(newKey()); doing.reset() } // another act, so another key
  return { doing, changed }
}
