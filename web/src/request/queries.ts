import { queryOptions } from '@tanstack/react-query'

import { api, held } from '../api/client'

const path = (id: string) => ({ params: { path: { id } } })

// Everything of one request lies under ['request', id], so that a change of it is read again in one go.
export const requestQuery = (id: string) => queryOptions({ queryKey: ['request', id, 'detail'], queryFn: () => held(api.GET('/v1/requests/{id}', path(id))) })
export const owedQuery = (id: string) => queryOptions({ queryKey: ['request', id, 'owed'], queryFn: () => held(api.GET('/v1/requests/{id}/obligations', path(id))) })
export const timelineQuery = (id: string) => queryOptions({ queryKey: ['request', id, 'timeline'], queryFn: () => held(api.GET('/v1/requests/{id}/timeline', path(id))) })
export const progressQuery = (id: string) => queryOptions({ queryKey: ['request', id, 'progress'], queryFn: () => held(api.GET('/v1/requests/{id}/progress', path(id))) })
export const packagesQuery = (id: string) => queryOptions({ queryKey: ['request', id, 'packages'], queryFn: () => held(api.GET('/v1/requests/{id}/packages', path(id))) })
export const messagesQuery = (id: string) => queryOptions({ queryKey: ['request', id, 'messages'], queryFn: () => held(api.GET('/v1/requests/{id}/messages', path(id))) })
export const caseTasksQuery = (id: string) => queryOptions({ queryKey: ['request', id, 'tasks'], queryFn: () => held(api.GET('/v1/requests/{id}/tasks', path(id))) })
export const documentsQuery = (id: string) => queryOptions({ queryKey: ['request', id, 'documents'], queryFn: () => held(api.GET('/v1/requests/{id}/documents', path(id))) })
export const requestLimitsQuery = (id: string) => queryOptions({ queryKey: ['request', id, 'limits'], queryFn: () => held(api.GET('/v1/requests/{id}/limits', path(id))) })

// Looking at these is recorded: they are read once, when somebody asks for them, and again only after a change of one's own.
const once = { staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false, gcTime: 0 } as const
export const personQuery = (id: string) => queryOptions({ queryKey: ['looked-at', id, 'person'], queryFn: () => held(api.GET('/v1/requests/{id}/person', path(id))), ...once })
export const notesQuery = (id: string) => queryOptions({ queryKey: ['looked-at', id, 'notes'], queryFn: () => held(api.GET('/v1/requests/{id}/notes', path(id))), ...once })
export const conversationQuery = (id: string) => queryOptions({ queryKey: ['looked-at', id, 'conversation'], queryFn: () => held(api.GET('/v1/requests/{id}/conversation', path(id))), ...once })
export const redactionsQuery = (id: string) => queryOptions({ queryKey: ['looked-at', id, 'redactions'], queryFn: () => held(api.GET('/v1/requests/{id}/redactions', path(id))), ...once })

/** A state that moves on by itself is looked at again soon where no stream of events tells of it. */
export function pace(state: string | undefined, told: boolean): number | false {
  return !told && state && ['received', 'collecting', 'packaging', 'delivering', 'scheduled', 'executing'].includes(state) ? 3000 : false
}

export const regimeQuery = (regime: string) =>
  queryOptions({ queryKey: ['policy', regime], queryFn: () => held(api.GET('/v1/policies/{id}', path(regime))), staleTime: 60 * 60_000 })
