import { useMutation, useQueryClient } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'

interface Put {
  key: string
  body: Schemas['PutPurposeBody']
}

/** Adds a purpose, or says anew what it is. */
export function usePut(done: () => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ key, body }: Put) => held(api.PUT('/v1/consent/purposes/{key}', { params: { path: { key } }, body })),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['consent-purposes'] }); done() },
  })
}
