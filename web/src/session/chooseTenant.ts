import { useMutation } from '@tanstack/react-query'

import { call } from './calls'

/** Goes over to another tenant. The page is loaded anew, so that nothing of the one before stays in its memory. */
export function useChooseTenant(next = '/console/') {
  return useMutation({
    mutationFn: (tenant: string) => call('PUT', '/v1/session/tenant', { tenant }),
    onSuccess: () => window.location.assign(next),
  })
}
