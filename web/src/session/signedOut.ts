import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'

import { whenSignedOut } from '../api/transport'
import { sessionQuery } from './session'

/** Leads to the sign-in as soon as the server says that the session has ended, and back afterwards. */
export function useSignedOut() {
  const queries = useQueryClient()
  const navigate = useNavigate()
  useEffect(() => {
    whenSignedOut(() => {
      queries.removeQueries({ queryKey: sessionQuery.queryKey })
      const next = window.location.pathname.replace(/^\/console/, '') + window.location.search
      void navigate({ to: '/sign-in', search: { next }, replace: true })
    })
    return () => whenSignedOut(undefined)
  }, [queries, navigate])
}
