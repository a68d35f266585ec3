import createClient from 'openapi-fetch'

import { problemFrom } from './problem'
import type { components, paths } from './schema'
import { send } from './transport'

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: send })

export type Schemas = components['schemas']

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** What an answer holds, or a Problem. */
export async function held<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer
  if (!response.ok) throw problemFrom(response.status, error)
  return data as T
}

/** A list as the server sends it: a missing one is empty. */
export function items<T>(page: { items?: T[] | null } | undefined): T[] {
  return page?.items ?? []
}
