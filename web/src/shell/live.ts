import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

interface LiveEvent {
  id: string
  at: string
  action: string
  case_id?: string
  object_kind: string
  object_id: string
}

/** How long changes are gathered before the screens read again. */
const gather = 400

const kindsOfScreens: Record<string, string[]> = {
  system: ['systems'],
  dataset: ['datasets'],
  api_key: ['api-keys'],
  staff: ['staff'],
  tenant: ['tenant'],
}

/** Has screens read again what somebody else has changed. A server that sends no events is asked when the window is looked at. */
export function useLive() {
  const queries = useQueryClient()
  useEffect(() => {
    const changed = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    const source = new EventSource('/v1/events')
    source.onmessage = (message) => {
      const event = read(message.data)
      if (!event) return
      changed.add(JSON.stringify(['audit']))
      for (const key of keysOf(event)) changed.add(JSON.stringify(key))
      timer ??= setTimeout(() => {
        timer = undefined
        invalidate(queries, changed)
        changed.clear()
      }, gather)
    }
    // The browser connects again by itself, but gives up for good on an answer that is no stream; so do we.
    return () => {
      source.close()
      clearTimeout(timer)
    }
  }, [queries])
}

function read(data: unknown): LiveEvent | undefined {
  try {
    return JSON.parse(String(data)) as LiveEvent
  } catch {
    return undefined
  }
}

function keysOf(event: LiveEvent): string[][] {
  if (event.case_id) return [['request', event.case_id], ['requests'], ['obligations'], ['tasks']]
  return (kindsOfScreens[event.object_kind] ?? []).map((kind) => [kind])
}

function invalidate(queries: QueryClient, keys: Set<string>) {
  for (const key of keys) void queries.invalidateQueries({ queryKey: JSON.parse(key) as string[] })
}
