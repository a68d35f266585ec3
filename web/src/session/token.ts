import { useState } from 'react'

/** Takes the token of a link out of the address at once, so that it stays in no history and no screenshot. */
export function useToken(): string {
  const [token] = useState(take)
  return token
}

function take(): string {
  const token = window.location.hash.slice(1)
  if (token !== '') window.history.replaceState(window.history.state, '', window.location.pathname)
  return token
}
