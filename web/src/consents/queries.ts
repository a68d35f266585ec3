import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'

export type Purpose = Schemas['PurposeView']
export type Text = Schemas['TextView']
export type Person = Schemas['ConsentPerson']
export type Standing = Schemas['ConsentStanding']
export type Line = Schemas['ConsentEvent']
export type Answer = Schemas['ConsentAnswer']
export type Import = Schemas['ImportView']
export type Mapping = Schemas['ConsentcsvMapping']
export type Channel = NonNullable<Mapping['channel']>

/** An address, and a channel that says what kind it is. Neither ever stands in the address of the screen, or in a key of what is kept. */
export interface Who {
  address: string
  channel: Channel
}

export const purposesQuery = queryOptions({ queryKey: ['consent-purposes'], queryFn: () => held(api.GET('/v1/consent/purposes')) })

export const forecastQuery = (weeks: number) =>
  queryOptions({ queryKey: ['consent-forecast', weeks], queryFn: () => held(api.GET('/v1/consent/forecast', { params: { query: { weeks } } })), placeholderData: keepPreviousData, staleTime: 60_000 })

export const funnelQuery = (span: { from?: string; to?: string; purpose?: string }) =>
  queryOptions({ queryKey: ['consent-funnel', span], queryFn: () => held(api.GET('/v1/consent/funnel', { params: { query: span } })), placeholderData: keepPreviousData, staleTime: 60_000 })

export const importsQuery = queryOptions({
  queryKey: ['consent-imports', 'all'],
  queryFn: () => held(api.GET('/v1/consent/imports')),
  refetchInterval: ({ state: { data } }) => (data?.items?.some((i) => atWork(i.state)) ? 2000 : false),
})

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ['consent-imports', id],
    queryFn: () => held(api.GET('/v1/consent/imports/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state: { data } }) => (data && atWork(data.state) ? 1000 : false),
  })

export const atWork = (state: string) => state === 'checking' || state === 'running'

/** How people know a purpose: the newest title in English, else in any language; its key where it has no words. */
export function titleOf(purposes: Purpose[], key: string): string {
  if (key === '*') return 'Everything'
  const texts = purposes.find((p) => p.key === key)?.texts ?? []
  return (texts.find((t) => t.language.split('-')[0] === 'en') ?? texts[0])?.title ?? key
}
