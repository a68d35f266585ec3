import { QueryClient } from '@tanstack/react-query'

import { Problem } from './api/problem'

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays a refusal; what passes by itself is tried again.
      retry: (failures, error) => failures < 2 && error instanceof Problem && error.passing,
      refetchOnWindowFocus: true,
    },
  },
})
