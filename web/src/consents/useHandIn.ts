import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'

import { handIn } from './handIn'

/** A file on its way to an import. It is stopped when somebody says so, and when the screen is left. */
export function useHandIn(done: (id: string) => void) {
  const queries = useQueryClient()
  const [sent, setSent] = useState(0)
  const stop = useRef<AbortController>(undefined)
  useEffect(() => () => stop.current?.abort(), [])
  const hand = useMutation({
    mutationFn: async ({ begin, file }: { begin: () => Promise<string>; file: File }) => {
      setSent(0)
      stop.current = new AbortController()
      const id = await begin()
      await handIn({ id, file, signal: stop.current.signal, onSent: setSent })
      return id
    },
    onSuccess: done,
    onSettled: () => queries.invalidateQueries({ queryKey: ['consent-imports'] }),
  })
  return { hand, sent, stop: () => stop.current?.abort(), stopped: hand.error instanceof DOMException && hand.error.name === 'AbortError' }
}
