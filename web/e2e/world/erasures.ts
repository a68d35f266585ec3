import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

import type { BrowserContext } from '@playwright/test'

import { call } from './api'
import { own } from './people'
import { beside, inSample, sampleDatabase, stack } from './stack'

const annotation = (name: string) => readFileSync(beside(`../../../deploy/sample/annotation/${name}.yml`), 'utf8')

/** Adds the shop of the sample company as a system, with the way in that may change it where it is to be erased in. */
export async function addShop(key: string, changes = true): Promise<string> {
  const { id } = await call<{ id: string }>('POST', '/v1/systems', {
    key: 'sample_shop', name: 'Web shop', kind: 'postgres', target: sampleDatabase('sample_shop'), declaration: annotation('shop_declaration'),
    ...(changes ? { change_target: sampleDatabase('sample_shop', 'changer') } : {}),
  }, key)
  const answer = await fetch(`${stack.url}/v1/systems/${id}/dataset`, {
    method: 'PUT', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/yaml' }, body: annotation('shop'),
  })
  if (!answer.ok) throw new Error(`the dataset: ${answer.status} ${await answer.text()}`)
  return id
}

interface Tenant {
  name: string
  country: string
  calendar: string
  zone: string
  language: string
  regime: string
  profile: unknown
  settings: Record<string, unknown>
  version?: string
}

/** Changes settings of a tenant. */
export async function settle(key: string, settings: Record<string, unknown>) {
  const { name, country, calendar, zone, language, regime, profile, settings: before, version } = await call<Tenant>('GET', '/v1/tenant', undefined, key)
  await call('PUT', '/v1/tenant', { name, country, calendar, zone, language, regime, profile, settings: { ...before, ...settings }, version }, key)
}

export interface Customer {
  id: string
  email: string
}

/** A customer of the shop made for one scenario: two orders of last month, a review and newsletters. Nothing else is theirs. */
export function newCustomer(): Customer {
  const email = `robin.${randomUUID().slice(0, 8)}@example.net`
  const id = String(900_000_000 + Math.floor(Math.random() * 90_000_000))
  inSample('sample_shop', `
    INSERT INTO customers (id, email, full_name, phone, created_at, newsletter) VALUES (${id}, '${email}', 'Robin Ashdown', '+49 40 5550100', now() - interval '2 years', true);
    INSERT INTO orders (id, customer_id, placed_at, status, total, note) SELECT gen_random_uuid(), ${id}, now() - interval '1 month', 'delivered', 19.90, 'Leave it with Mrs Ashdown' FROM generate_series(1, 2);
    INSERT INTO newsletter_events (email, event, campaign, at) SELECT '${email}', 'opened', 'autumn', now() - interval '1 week' FROM generate_series(1, 3);
    INSERT INTO reviews (id, customer_id, product_id, stars, title, written_at) SELECT ${id}, ${id}, min(id), 5, 'As good as Robin Ashdown hoped', now() FROM products`)
  return { id, email }
}

/** Gives a command with the cookies of a browser and no screen; tells what came of it. */
export async function order(context: BrowserContext, id: string, name: string, data: Record<string, string> = {}): Promise<{ status: number; code: string }> {
  const answer = await context.request.post(`${stack.url}/v1/requests/${id}/${name}`, { data, headers: { origin: stack.url, 'idempotency-key': randomUUID() } })
  return { status: answer.status(), code: ((await answer.json()) as { code: string }).code }
}

/** Approves the plan as it stands, or another. */
export async function approve(context: BrowserContext, id: string, other?: string) {
  const { sha256 } = await own<{ sha256: string }>(context, 'GET', `/v1/requests/${id}/erasure`)
  return order(context, id, 'approve-plan', { sha256: other ?? sha256 })
}
