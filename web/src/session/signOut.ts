import { useQueryClient } from '@tanstack/react-query'

import { call } from './calls'

/** Ends the session. The page is loaded anew, so that nothing read in it stays in its memory. */
export function useSignOut(): () => void {
  const queries = useQueryClient()
  return () => {
    void call('POST', '/v1/sign-out').catch(() => undefined).finally(() => {
      queries.clear()
      window.location.assign('/console/sign-in')
    })
  }
}
