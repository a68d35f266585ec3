import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { newKey } from '../api/transport'
import { transmissionLinksQuery, transmissionsQuery } from './queries'

/** Does something about a transmission or a link, once per act; what stands then is read again. */
export function useTransmission<T>(request: string, act: (key: string) => Promise<T>, done: () => void) {
  const queries = useQueryClient()
  const [key, setKey] = useState(newKey)
  const doing = useMutation({
    mutationFn: () => act(key),
    onSuccess: () => {
      for (const queryKey of [transmissionsQuery(request).queryKey, transmissionLinksQuery(request).queryKey, ['request', request]]) void queries.invalidateQueries({ queryKey })
      done()
    },
  })
  const changed = <V,>(set: (value: V) => void) => (value: V) => { set(value); setKey(newKey()); doing.reset() } // another act, so another key
  return { doing, changed }
}
