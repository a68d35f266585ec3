import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { newKey } from '../api/transport'
import { inquiriesQuery } from './queries'

/** Does something about an inquiry, once per act; what stands then is read again. */
export function useInquiry(request: string, act: (key: string) => Promise<unknown>, done: () => void) {
  const queries = useQueryClient()
  const [key, setKey] = useState(newKey)
  const doing = useMutation({
    mutationFn: () => act(key),
    onSuccess: () => {
      setKey(newKey())
      void queries.invalidateQueries({ queryKey: inquiriesQuery(request).queryKey })
      for (const queryKey of [['request', request], ['requests'], ['tasks']]) void queries.invalidateQueries({ queryKey })
      done()
    },
  })
  const changed = <T,>(set: (value: T) => void) => (value: T) => { set(value); setKey(newKey()); doing.reset() } // another act, so another key
  return { doing, changed }
}
