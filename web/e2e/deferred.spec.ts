import { randomUUID } from 'node:crypto'

import { call, command, known, stands } from './world/api'
import { fitsEverybody } from './world/axe'
import { addShop, newCustomer } from './world/erasures'
import { joinTenant, own, screen } from './world/people'
import { inRegister, stack } from './world/stack'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'

test.describe.configure({ timeout: 180_000 })

test('an officer sees what an erasure left to its time, for which law and until when, what puts it off, and whose it is', async ({ visit }) => {
  const { slug, key } = ownTenant('Second Look')
  await addShop(key)
  const customer = newCustomer()
  const person = { email: customer.email, name: 'Robin Ashdown' }
  const context = await visit()
  const [seen] = await Promise.all([known({ right: 'access', regime: 'pipeda', person }, key), joinTenant(context, slug, 'dpo', true)])
  await stands(seen.id, 'reviewing', key)
  await command(seen.id, 'refuse', { reason: 'fee_not_accepted', explanation: 'You did not want to pay what we told you.' }, key)

  const filed = await known({ right: 'erasure', person }, key)
  await stands(filed.id, 'reviewing', key)
  const page = await screen(context, `/requests/${filed.id}`)
  await expect(page.getByText(/The person can still complain about an earlier request: the request .* \(PIPEDA ss\.8\(8\), 11\(3\)/).first()).toBeVisible()
  await command(filed.id, 'propose-plan', {}, key)
  const { sha256 } = await own<{ sha256: string }>(context, 'GET', `/v1/requests/${filed.id}/erasure`)
  const approved = await context.request.post(`${stack.url}/v1/requests/${filed.id}/approve-plan`, { data: { sha256 }, headers: { origin: stack.url, 'idempotency-key': randomUUID() } })
  expect(approved.status()).toBe(200)
  await stands(filed.id, 'closed', key)

  await page.getByRole('link', { name: 'What waits, and what for' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Deferred erasures' })).toBeVisible()
  const row = page.getByRole('row').filter({ hasText: filed.reference })
  await expect(row).toContainText(/The person can still complain about an earlier request \(PIPEDA ss\.8\(8\), 11\(3\) verified\), until \d+ \w+ \d{4}\./)
  await expect(row).toContainText('nothing')
  const review = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10)
  await call('POST', '/v1/holds', { matter: 'T-1182-26', reason: 'They did complain.', review_on: review, people: [{ email: customer.email }] }, key)
  await expect(row, 'without loading anything').toContainText('The hold T-1182-26')
  await page.getByRole('button', { name: 'Only of one request; show all' }).click()
  await expect(page).toHaveURL(/\/deferred\?done=yes$/)
  expect(await page.content(), 'the list names nobody').not.toContain(customer.email)
  await expect(page.getByRole('link', { name: 'Deferred erasures' })).toBeVisible()
  await fitsEverybody(page, 'what is left to its time')
  await row.getByRole('button', { name: `Show whose data ${filed.reference} keeps` }).click()
  await expect(page.getByRole('dialog')).toContainText(customer.email)
  await fitsEverybody(page, 'whose it is')
  const log = await call<{ items: { object_kind: string }[] }>('GET', '/v1/audit/events?action=request.viewed', undefined, key)
  expect(log.items.filter((e) => e.object_kind === 'deferred_erasure'), 'the look is recorded').toHaveLength(1)
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()

  inRegister(`UPDATE cases SET forgotten_at = now(), details_sealed = NULL WHERE id = '${filed.id}';
    INSERT INTO recipient_notices (id, tenant_id, case_id, plan_id, recipient, role, system_key, categories, turn, state, created_at)
    SELECT gen_random_uuid(), tenant_id, case_id, id, 'Parcels Ltd', 'processor', 'shop', '{user.contact}', 'later/1', 'to_tell', now() FROM erasure_plans WHERE case_id = '${filed.id}'`)
  await page.reload()
  await expect(row).toContainText('1 recipient of the data must hear that it is erased')
  await row.getByRole('button', { name: `Show whose data ${filed.reference} keeps` }).click()
  const whose = page.getByRole('dialog', { name: `What ${filed.reference} keeps` })
  await expect(whose).toContainText('Parcels Ltd was given user.contact from shop.')
  await fitsEverybody(page, 'who must hear of it')
  await whose.getByRole('button', { name: 'Say how far it was told: Parcels Ltd' }).click()
  const tell = page.getByRole('dialog', { name: 'How far Parcels Ltd was told' })
  await tell.getByRole('radio', { name: 'It was told' }).check()
  await fitsEverybody(page, 'how far it was told')
  await tell.getByRole('button', { name: 'Put it on record' }).click()
  await expect(whose).not.toContainText('Parcels Ltd')
  await whose.getByRole('button', { name: 'Close' }).click()
  await expect(row).not.toContainText('must hear')
})

test('where nothing waits the list says what would', async ({ visit }) => {
  const { slug } = ownTenant('Nothing Waits')
  const context = await visit()
  await joinTenant(context, slug, 'dpo')
  const page = await screen(context, '/')
  await page.keyboard.press('g')
  await page.keyboard.press('f')
  await expect(page.getByText('Nothing waits for its time')).toBeVisible()
  await fitsEverybody(page, 'nothing waits')
})
