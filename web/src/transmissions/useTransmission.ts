import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { newKey } from '../api/transport'
import { transmissionsQuery } from './queries'

/** Does something about a transmission, once per act; what stands then is read again. */
export function useTransmission(request: string, act: (key: string) => Promise<unknown>, done: () => void) {
  const queries = useQueryClient()
  const [key, setKey] = useState(newKey)
  const doing = useMutation({
    mutationFn: () => act(key),
    onSuccess: () => {
      for (const queryKey of [transmissionsQuery(request).queryKey, ['request', request]]) void queries.invalidateQueries({ queryKey })
      done()
    },
  })
  const changed = <T,>(set: (value: T) => void) => (value: T) => { set(value); setKey(newKey()); doing.reset() } // another act, so another key
  return { doing, changed }
}
