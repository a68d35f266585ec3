import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { newKey } from '../api/transport'
import { appealsQuery } from './queries'

/** Does something about an appeal, once per act; what stands then is read again. */
export function useAppeal(request: string, act: (key: string) => Promise<unknown>, done: () => void) {
  const queries = useQueryClient()
  const [key, setKey] = useState(newKey)
  const doing = useMutation({
    mutationFn: () => act(key),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: appealsQuery(request).queryKey })
      for (const queryKey of [['request', request], ['requests'], ['obligations'], ['tasks']]) void queries.invalidateQueries({ queryKey })
      done()
    },
  })
  const changed = <T,>(set: (value: T) => void) => (value: T) => { set(value); setKey(newKey()); doing.reset() } // another act, so another key
  return { doing, changed }
}
