import { useSyncExternalStore } from 'react'

// One clock for the page: every time in words moves at once, twice a minute.
const listeners = new Set<() => void>()
let now = Date.now()

setInterval(() => {
  now = Date.now()
  for (const tell of listeners) tell()
}, 30_000)

function subscribe(tell: () => void) {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}
