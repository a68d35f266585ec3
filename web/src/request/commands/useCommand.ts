import { useMutation, useQueryClient } from '@tanstack/react-query'

import type { Schemas } from '../../api/client'
import { asProblem } from '../../api/problem'
import { call } from '../../session/calls'
import { useReadAgain } from '../../corrections/queries'
import { requestQuery } from '../queries'

export interface Order {
  name: string
  body: Record<string, unknown>
  /** The same for each try of the same act. */
  key: string
}

/** Has a command carried out; what it changes is read again. */
export function useCommand(id: string, done: () => void) {
  const queries = useQueryClient()
  const readAgain = useReadAgain(id)
  return useMutation({
    mutationFn: ({ name, body, key }: Order) =>
      call<Schemas['RequestDetail'] | undefined>('POST', `/v1/requests/${id}/${name}`, body, { 'Idempotency-Key': key }),
    onSuccess: (detail) => {
      if (detail) queries.setQueryData(requestQuery(id).queryKey, detail)
      for (const queryKey of [['request', id], ['requests'], ['obligations'], ['tasks']]) void queries.invalidateQueries({ queryKey })
      done()
    },
    onError: (error) => {
      if (asProblem(error).code === 'corrections_changed') void readAgain()
      if (asProblem(error).code === 'plan_changed') void queries.invalidateQueries({ queryKey: ['request', id] })
    },
  })
}
