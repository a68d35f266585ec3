import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'
import type { Risk } from '../time/risk'

export type Receiver = Schemas['ReceiverView']
export type Handover = Schemas['HandoverView']

/** How often the screens look again: what is counted for a system, and what it answers, has no event of its own. */
const again = 10_000

export const receiversQuery = queryOptions({
  queryKey: ['consent-receivers'],
  queryFn: () => held(api.GET('/v1/consent/receivers')),
  refetchInterval: again,
})

/** What is open, of all systems. */
export const openQuery = queryOptions({
  queryKey: ['consent-handovers', 'open'],
  queryFn: () => held(api.GET('/v1/consent/handovers', { params: { query: { limit: mostOpen } } })),
  refetchInterval: again,
})

/** The handovers of one system: those that are open, or all, the newest day first. */
export const handoversQuery = (receiver: string, all: boolean) =>
  queryOptions({
    queryKey: ['consent-handovers', receiver, all],
    queryFn: () => held(api.GET('/v1/consent/handovers', { params: { query: { receiver, state: all ? 'all' : 'open', limit: all ? mostDays : mostOpen } } })),
    refetchInterval: again,
  })

const mostOpen = 1000
/** How many days are shown of those that are confirmed, too. */
export const mostDays = 200

/** A system's open handovers put together. */
export interface Owed {
  days: number
  left: number
  overdue: number
  half: boolean
  next?: Handover
}

export const unconfirmed = (h: Handover) => h.withdrawals - h.confirmed

export function owedOf(handovers: Handover[]): Owed {
  const next = byDue(handovers)[0]
  return {
    days: handovers.length, left: handovers.reduce((n, h) => n + unconfirmed(h), 0), overdue: handovers.filter((h) => h.state === 'overdue').length,
    half: handovers.some((h) => h.state === 'half_gone'), ...(next && { next }),
  }
}

export const isOpen = (h: Handover) => h.state === 'open' || h.state === 'half_gone' || h.state === 'overdue'

/** What is due first comes first, and behind it what is done, the newest day first. */
export const byDue = (handovers: Handover[]) =>
  [...handovers].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || (isOpen(a) ? a.due.localeCompare(b.due) : b.day.localeCompare(a.day)))

export const riskOfHandover = (state: Handover['state']): Risk => (state === 'overdue' ? 'overdue' : state === 'half_gone' ? 'soon' : state === 'open' ? 'track' : 'done')

/** How a system stands, in a word and by its risk. */
export function standOf(r: Receiver, owed: Owed): [word: string, risk: Risk] {
  if (!r.active) return ['Retired', 'done']
  if (owed.overdue > 0) return ['Overdue', 'overdue']
  if (r.tries) return ['Does not take it', 'soon']
  if (owed.half) return ['Half of the time gone', 'soon']
  if (owed.days > 0) return ['Open', 'track']
  return [r.taken_at ? 'All confirmed' : 'Nothing to confirm yet', 'done']
}

/** What to do about a system that does not take what it is told, by what it said last. */
export function remedyOf(r: Receiver): string {
  const code = /code (\d{3})/.exec(r.problem ?? '')?.[1] ?? ''
  const monk = r.kind === 'listmonk'
  switch (true) {
    case code === '401' || code === '403': return monk
      ? 'listmonk refuses its API user. See in listmonk under Users that it is enabled and has the permissions subscribers:sql_query and subscribers:manage, and enter its token anew under “Change”.'
      : 'It refuses what it is told. Mostly it checks the signature with another secret: give it the one that was shown when it was added, or make another with “Replace the secret”.'
    case code === '404' || code === '405' || code === '410': return 'Nothing at its address takes this any more. Ask whoever runs it where it is now, and enter that under “Change”.'
    case code === '429' || code === '503': return 'It asks to be left alone for a while. If that goes on, ask whoever runs it; the time of the law runs on meanwhile.'
    case code.startsWith('5'): return 'Something fails on its side. Whoever runs it finds the reason in its log, under the time of the last try.'
    case code !== '': return 'It does not take what it is told. Whoever runs it can say why by its log, under the time of the last try.'
    case r.problem?.includes('compose'): return 'Its address can’t be called: it has to be an https address on the open network. Enter another under “Change”.'
    case r.problem?.includes('answer'): return 'It took too long, or answered what is none of its answers. See that the address is its own, and that it is not overloaded.'
    default: return 'It was not reached. See that it runs, that its name leads to it, and that its certificate is valid.'
  }
}

type Body = Schemas['ReceiverBody']
type Change = Schemas['ChangeReceiverBody']

function useReread() {
  const queries = useQueryClient()
  return () => {
    void queries.invalidateQueries({ queryKey: ['consent-receivers'] })
    void queries.invalidateQueries({ queryKey: ['consent-handovers'] })
  }
}

const at = (id: string) => ({ params: { path: { id } } })

export function useAddReceiver() {
  return useMutation({ mutationFn: (body: Body) => held(api.POST('/v1/consent/receivers', { body })), onSuccess: useReread() })
}

export function useChangeReceiver(id: string, onDone: () => void) {
  const reread = useReread()
  return useMutation({ mutationFn: (body: Change) => held(api.PUT('/v1/consent/receivers/{id}', { ...at(id), body })), onSuccess: () => { reread(); onDone() } })
}

export function useRetireReceiver(id: string, onDone: () => void) {
  const reread = useReread()
  return useMutation({ mutationFn: () => held(api.POST('/v1/consent/receivers/{id}/retire', { ...at(id), body: {} })), onSuccess: () => { reread(); onDone() } })
}

export function useReplaceSecret(id: string) {
  return useMutation({ mutationFn: () => held(api.POST('/v1/consent/receivers/{id}/secret', { ...at(id), body: {} })), onSuccess: useReread() })
}

export function useTestReceiver(id: string) {
  return useMutation({ mutationFn: () => held(api.POST('/v1/consent/receivers/{id}/test', { ...at(id), body: {} })) })
}
