import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'

import { useMay } from '../session/session'

interface LiveEvent {
  id: string
  at: string
  action: string
  case_id?: string
  object_kind: string
  object_id: string
}

const everything = [['audit'], ['request'], ['requests'], ['obligations'], ['tasks'], ['systems'], ['datasets'], ['api-keys'], ['staff'], ['tenant'], ['webhooks'], ['mail-domains'], ['consent-receivers'], ['consent-handovers'], ['single-sign-on'], ['checkpoint'], ['holds'], ['limits'], ['deferred']]

/** How long a stream that ended is left alone. */
const comeBack = 30_000

/** How long changes are gathered before the screens read again. */
const gather = 150

/** How long screens are left alone after that, so that a storm of changes does not have them read all the time. */
const rest = 500

const kindsOfScreens: Record<string, string[]> = {
  system: ['systems', 'deferred'],
  dataset: ['datasets'],
  api_key: ['api-keys'],
  staff: ['staff'],
  tenant: ['tenant', 'retention-rules', 'ladders', 'letters', 'single-sign-on'],
  webhook: ['webhooks'],
  mail_domain: ['mail-domains'],
  consent_receiver: ['consent-receivers', 'consent-handovers'],
  consent_handover: ['consent-receivers', 'consent-handovers'],
  requester: ['requesters'],
  processor_key: ['processor-key'],
  hold: ['holds', 'deferred'],
}

/** What is known of the stream: lost is one that stood before. */
export type Connection = 'none' | 'live' | 'lost'

let connection: Connection = 'none'
const told = new Set<() => void>()

function say(now: Connection) {
  if (connection === now) return
  connection = now
  for (const tell of told) tell()
}

function onConnection(tell: () => void) {
  told.add(tell)
  return () => { told.delete(tell) }
}

/** Whether what somebody else changes shows by itself. */
export function useConnection(): Connection {
  return useSyncExternalStore(onConnection, () => connection)
}

/** Has screens read again what somebody else has changed. A server that sends no events is asked when the window is looked at. */
export function useLive() {
  const queries = useQueryClient()
  const streams = useMay()('watch-events')
  useEffect(() => (streams ? watch(queries) : undefined), [queries, streams])
}

/** Listens until it is told to stop. A stream that is refused at once is left alone; one that ended is come back to. */
function watch(queries: QueryClient): () => void {
  const changed = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let read = 0
  let again: ReturnType<typeof setTimeout> | undefined
  let source: EventSource
  const note = (keys: string[][]) => {
    for (const key of keys) changed.add(JSON.stringify(key))
    timer ??= setTimeout(() => {
      timer = undefined
      read = Date.now()
      for (const key of changed) void queries.invalidateQueries({ queryKey: JSON.parse(key) as string[] })
      changed.clear()
    }, Math.max(gather, read + rest - Date.now()))
  }
  const listen = () => {
    let opened = false
    source = new EventSource('/v1/events')
    source.onopen = () => {
      if (connection === 'lost') {
        note(everything) // a server that was away may have forgotten where the stream stood
        void queries.refetchQueries({ type: 'active', predicate: (q) => q.state.status === 'error' })
      }
      opened = true
      say('live')
    }
    source.onmessage = (message) => note(keysOf(message.data))
    source.addEventListener('gap', () => note(everything))
    // The browser connects again by itself unless the answer was no stream.
    source.onerror = () => {
      if (connection === 'live') say('lost')
      if (opened && source.readyState === EventSource.CLOSED) again = setTimeout(listen, comeBack)
    }
  }
  listen()
  return () => {
    source.close()
    say('none')
    clearTimeout(timer)
    clearTimeout(again)
  }
}

function keysOf(data: unknown): string[][] {
  let event: LiveEvent
  try {
    event = JSON.parse(String(data)) as LiveEvent
  } catch {
    return []
  }
  if (event.case_id) return [['audit'], ['request', event.case_id], ['requests'], ['obligations'], ['tasks'], ['limits'], ['deferred']]
  return [['audit'], ...(kindsOfScreens[event.object_kind] ?? []).map((kind) => [kind])]
}
