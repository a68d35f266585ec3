import type { Locator, Page } from '@playwright/test'

import { call, someone } from './world/api'
import { fitsEverybody } from './world/axe'
import { joinTenant, screen } from './world/people'
import { startReceiver } from './world/receiver'
import { inRegister } from './world/stack'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'

test.describe.configure({ timeout: 240_000 })

/** A tenant that writes newsletters, from which people withdraw. */
async function sender(name: string) {
  const { slug, key } = ownTenant(name)
  const ask = <T>(method: string, path: string, body?: unknown, by = key) => call<T>(method, path, body, by)
  await ask('PUT', '/v1/consent/purposes/news', {})
  await ask('POST', '/v1/consent/purposes/news/texts', { language: 'en', title: 'News from the orchard', body: 'I want the newsletter.' })
  const leave = (...countries: string[]) =>
    ask('POST', '/v1/consent/events', { events: countries.map((country) => ({ address: someone('leaves'), purpose: 'news', kind: 'withdrawn', country })) })
  return { slug, ask, leave }
}

/** Has the time of a system's open days be over, or half of it. */
const goBy = (receiver: string, what: 'half' | 'all') =>
  inRegister(`UPDATE consent_handovers SET begins_at = begins_at - interval '3 days', due_at = ${what === 'all' ? 'begins_at - interval \'2 hours\'' : 'begins_at + interval \'20 hours\''} WHERE receiver_id = '${receiver}'`)

async function tabTo(page: Page, to: Locator) {
  await expect(to).toBeVisible()
  await expect(async () => {
    if (!(await to.evaluate((e) => e === document.activeElement))) await page.keyboard.press('Tab')
    await expect(to).toBeFocused({ timeout: 100 })
  }).toPass({ intervals: [20] })
}

test('a system that asks by itself is added by keyboard, and shown with what it owes until it confirms', async ({ visit }) => {
  const { slug, ask, leave } = await sender('Apple Wire')
  const context = await visit()
  await joinTenant(context, slug, 'admin', true)
  const page = await screen(context, '/consents')
  await page.getByRole('link', { name: 'Other systems' }).click()
  await expect(page.getByText('No other system hears of withdrawals')).toBeVisible()
  await fitsEverybody(page, 'no other system')
  await tabTo(page, page.getByRole('button', { name: 'Add a system' }).first())
  await page.keyboard.press('Enter')
  const form = page.getByRole('dialog', { name: 'Add a system' })
  await expect(form.getByLabel('Name')).toBeFocused()
  await page.keyboard.type('Warehouse CRM')
  await tabTo(page, form.getByRole('combobox', { name: 'How it hears' }))
  await expect(async () => {
    await page.keyboard.press('ArrowDown')
    await expect(page.locator('[data-combobox-selected]')).toHaveText('It asks by itself', { timeout: 200 })
  }).toPass({ intervals: [20] })
  await page.keyboard.press('Enter')
  await expect(form.getByLabel('Address')).toHaveCount(0)
  await fitsEverybody(page, 'a new system')
  await tabTo(page, form.getByRole('button', { name: 'Add the system' }))
  await page.keyboard.press('Enter')
  await expect(form).toContainText('consent-feed:read')
  await form.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText('Every withdrawal that came in is confirmed.')).toBeVisible()
  await expect(page.getByRole('row', { name: /Warehouse CRM/ })).toContainText('Nothing to confirm yet')

  await leave('CA', 'DE', 'US')
  await expect(page.getByRole('status').filter({ hasText: '3 withdrawals are not confirmed, by 1 system. The nearest time: in 1 day 23 h' })).toBeVisible({ timeout: 30_000 })
  await fitsEverybody(page, 'systems with what they owe')
  await page.getByRole('link', { name: 'Warehouse CRM' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('3 withdrawals of 1 day wait for its confirmation')).toBeVisible()
  const days = page.getByRole('region', { name: 'What it has to confirm, by day' })
  await days.getByRole('button', { name: /\d{4}$/ }).focus()
  await page.keyboard.press('Enter')
  await expect(days.getByText('10 business days from when the person said so')).toBeVisible()
  await expect(days.getByText('CASL s.11(3)')).toBeVisible()
  await expect(days.getByText('Two days are a target of our own')).toBeVisible()
  await fitsEverybody(page, 'what a system owes, by law')

  const { items } = await ask<{ items: { id: string }[] }>('GET', '/v1/consent/receivers')
  const id = items[0]?.id ?? ''
  goBy(id, 'half')
  await expect(page.getByText('It has not confirmed, and half of the time is gone.')).toBeVisible({ timeout: 30_000 })
  goBy(id, 'all')
  await expect(page.getByText('Its time is over: until it has stopped, stop what it sends by hand.')).toBeVisible({ timeout: 30_000 })
  await fitsEverybody(page, 'a system that is late')
  const { key } = await ask<{ key: string }>('POST', '/v1/api-keys', { name: 'crm', role: 'agent', scopes: ['consent-feed:read', 'consent-feed:write'] })
  const { cursor } = await ask<{ cursor: string }>('GET', `/v1/consent/receivers/${id}/changes`, undefined, key)
  await ask('POST', `/v1/consent/receivers/${id}/confirm`, { cursor }, key)
  await expect(page.getByText('Nothing waits for its confirmation.')).toBeVisible({ timeout: 30_000 })
  await days.getByLabel('Also what is confirmed').check()
  await expect(days.getByRole('row').nth(1)).toContainText('3 of 3 confirmed')
  await expect(days.getByRole('row').nth(1)).toContainText(/Confirmed$/)
})

test('of a system that does not take what it is told stands why, and what to do; it is reached again, and retired', async ({ visit }) => {
  const { slug, ask, leave } = await sender('Pear Wire')
  const shop = await startReceiver()
  try {
    shop.answer(403)
    const context = await visit()
    await joinTenant(context, slug, 'admin', true)
    const page = await screen(context, '/consents/receivers')
    await page.getByRole('button', { name: 'Add a system' }).first().click()
    const form = page.getByRole('dialog', { name: 'Add a system' })
    await form.getByLabel('Name').fill('Shop mail')
    await form.getByLabel('Address').fill('ftp://shop')
    await form.getByRole('button', { name: 'Add the system' }).click()
    await expect(form.getByRole('alert')).toBeVisible()
    await form.getByLabel('Address').fill(shop.url)
    await form.getByRole('button', { name: 'Add the system' }).click()
    await expect(form.locator('code')).toContainText('whsec_')
    await form.getByRole('button', { name: 'I have kept it' }).click()
    await leave('IE')
    await expect(page.getByRole('row', { name: /Shop mail/ })).toContainText('Does not take it', { timeout: 30_000 })
    await page.getByRole('link', { name: 'Shop mail' }).click()
    await expect(page.getByText(/^It did not take what it was told, \d+ times? in a row\./)).toBeVisible()
    await expect(page.getByText('Mostly it checks the signature with another secret')).toBeVisible()
    await expect(page.getByText('code 403').first()).toBeVisible()
    await page.getByRole('button', { name: 'Try whether it can be told' }).click()
    await expect(page.getByRole('status').filter({ hasText: 'It can’t be told' })).toBeVisible()
    await fitsEverybody(page, 'a system that does not take it')
    await page.getByRole('button', { name: 'Replace the secret' }).click()
    const secret = page.getByRole('dialog', { name: 'Replace the secret of Shop mail' })
    await secret.getByRole('button', { name: 'Make another secret' }).click()
    await expect(secret.locator('code')).toContainText('whsec_')
    await secret.getByRole('button', { name: 'I have kept it' }).click()

    shop.answer(204)
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Shop letters')
    await fitsEverybody(page, 'changing a system')
    await page.getByRole('dialog').getByRole('button', { name: 'Save it and try again' }).click()
    await expect(page.getByRole('heading', { name: /^Shop letters/ })).toBeVisible()
    await expect(page.getByText('Nothing waits for its confirmation.')).toBeVisible({ timeout: 60_000 })
    await page.getByRole('button', { name: 'Retire it' }).click()
    const retire = page.getByRole('dialog', { name: 'Retire Shop letters' })
    await expect(retire).toContainText('It has confirmed everything that it heard of.')
    await fitsEverybody(page, 'retiring a system')
    await retire.getByRole('button', { name: 'It writes to nobody any more' }).click()
    await expect(page.getByText('It writes to nobody any more, since')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Change', exact: true })).toHaveCount(0)
    await page.getByRole('link', { name: 'Other systems' }).first().click()
    await page.getByLabel('Also those that are retired').check()
    await expect(page.getByRole('row', { name: /Shop letters/ })).toContainText('Retired')
    await fitsEverybody(page, 'systems that are retired')
    expect((await ask<{ items: unknown[] }>('GET', '/v1/consent/handovers')).items).toEqual([])
  } finally {
    shop.end()
  }
})

test('who may only see sees it all and is offered nothing, and what can’t be read says so', async ({ visit }) => {
  const { slug, ask } = await sender('Plum Wire')
  await ask('POST', '/v1/consent/receivers', { name: 'Reader', kind: 'pull' })
  const context = await visit()
  await joinTenant(context, slug, 'auditor')
  const page = await screen(context, '/consents/receivers')
  await expect(page.getByRole('link', { name: 'Reader' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add a system' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Reader' }).click()
  await expect(page.getByText('Nothing waits for its confirmation.')).toBeVisible()
  await expect(page.getByRole('button', { name: /Change|Retire/ })).toHaveCount(0)
  await page.goto('/console/consents/receivers/11111111-1111-4111-8111-111111111111')
  await expect(page.getByText('There is no such system')).toBeVisible()
  await page.route('**/v1/consent/handovers*', (route) => route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ title: 'Forbidden', status: 403, code: 'forbidden', detail: 'Your role may not do this.' }) }))
  await page.goto('/console/consents/receivers')
  await expect(page.getByRole('alert')).toContainText('Your role may not do this.')
})
