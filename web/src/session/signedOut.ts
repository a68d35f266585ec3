import { useEffect } from 'react'

import { whenSignedOut } from '../api/transport'

/** Leads to the sign-in as soon as the server says that the session has ended. The page is loaded anew, so that nothing read in it stays. */
export function useSignedOut() {
  useEffect(() => {
    whenSignedOut(() => {
      whenSignedOut(undefined)
      const next = window.location.pathname.replace(/^\/console/, '') + window.location.search
      window.location.assign(`/console/sign-in?${new URLSearchParams({ next, ended: 'yes' }).toString()}`)
    })
    return () => whenSignedOut(undefined)
  }, [])
}
