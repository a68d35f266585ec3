import { randomUUID } from 'node:crypto'

import { expect } from '@playwright/test'

import { stack } from './stack'

/** Calls the API with a key, as a program of the company does; what is refused fails the test. */
export async function call<T>(method: string, path: string, body?: unknown, key = stack.adminKey): Promise<T> {
  const answer = await fetch(stack.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

interface Accepted {
  id: string
  reference: string
}

export interface Filed extends Accepted {
  email: string
}

/** Somebody that nobody else is. */
export const someone = (what: string) => `${what}.${randomUUID().slice(0, 8)}@example.com`

/** Files a request of a new person, who is written to in English. */
export async function file(request: Record<string, unknown> = {}, email = someone('person'), key = stack.adminKey): Promise<Filed> {
  const accepted = await call<Accepted>('POST', '/v1/requests', { person: { email, name: 'Nora Feld' }, right: 'access', channel: 'staff', language: 'en', ...request }, key)
  return { ...accepted, email }
}

/** Tells a request to do something. */
export const command = (id: string, name: string, body: unknown = {}, key = stack.adminKey) => call('POST', `/v1/requests/${id}/${name}`, body, key)

export const stateOf = async (id: string, key = stack.adminKey) => (await call<{ state: string }>('GET', `/v1/requests/${id}`, undefined, key)).state

/** Waits until a request is where it should be. */
export const stands = (id: string, state: string, key = stack.adminKey) =>
  expect.poll(() => stateOf(id, key), { message: `the request is ${state}`, timeout: 40_000 }).toBe(state)

/** A request whose person is known, in review. */
export async function reviewed(request: Record<string, unknown> = {}, key = stack.adminKey): Promise<Filed> {
  const filed = await known(request, key)
  await stands(filed.id, 'reviewing', key)
  return filed
}

/** A request whose person is known just now. */
export async function known(request: Record<string, unknown> = {}, key = stack.adminKey): Promise<Filed> {
  const filed = await file(request, someone('person'), key)
  await stands(filed.id, 'verifying', key)
  await command(filed.id, 'confirm-identity', { note: 'Seen at the desk.' }, key)
  return filed
}
