import { queryOptions } from '@tanstack/react-query'

import { api, held } from '../api/client'

const path = (id: string) => ({ params: { path: { id } } })

export const systemsQuery = queryOptions({ queryKey: ['systems'], queryFn: () => held(api.GET('/v1/systems')) })
export const systemQuery = (id: string) => queryOptions({ queryKey: ['systems', id], queryFn: () => held(api.GET('/v1/systems/{id}', path(id))) })
export const datasetsQuery = queryOptions({ queryKey: ['datasets'], queryFn: () => held(api.GET('/v1/datasets')) })
export const datasetQuery = (key: string) => queryOptions({ queryKey: ['datasets', key], queryFn: () => held(api.GET('/v1/datasets/{key}', { params: { path: { key } } })) })
