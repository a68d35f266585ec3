import type { Page } from '@playwright/test'

import { call, file, someone } from './world/api'
import { joinTenant, screen } from './world/people'
import { isSigned, startReceiver } from './world/receiver'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'

/** Chooses in the menu of the webhook. */
async function change(page: Page, what: string) {
  await page.getByRole('button', { name: 'Change Tickets' }).click()
  await page.getByRole('menuitem', { name: what }).click()
}

test('a program hears of what happens, signed; what it did not take is sent again', async ({ visit }) => {
  const tenant = ownTenant('Rope Walk')
  const receiver = await startReceiver()
  try {
    const context = await visit()
    const [filed] = await Promise.all([file({}, someone('nora'), tenant.key), joinTenant(context, tenant.slug, 'admin', true)])
    const page = await screen(context, '/settings/webhooks')
    await page.getByRole('button', { name: 'Add a webhook' }).first().click()
    const form = page.getByRole('dialog', { name: 'Add a webhook' })
    await form.getByLabel('Name').fill('Tickets')
    await form.getByLabel('Address').fill(receiver.url)
    const events = form.getByRole('combobox', { name: 'Events' })
    await events.press('Backspace')
    await events.fill('request.noted')
    await events.press('Enter')
    await events.press('Tab')
    await form.getByRole('button', { name: 'Add the webhook' }).click()
    const secret = (await form.locator('code').innerText()).trim()
    await form.getByRole('button', { name: 'I have kept it' }).click()
    const hook = page.getByRole('region', { name: 'Tickets' })
    await expect(hook).toContainText('request.noted')

    const note = () => call('POST', `/v1/requests/${filed.id}/notes`, { text: 'Nora Feld has called.' }, tenant.key)
    await note()
    await expect.poll(() => receiver.came.length, { message: 'the event comes' }).toBe(1)
    const [first] = receiver.came
    if (!first) throw new Error('it came, and is gone')
    expect(isSigned(first, secret)).toBe(true)
    expect(isSigned({ ...first, body: first.body.replace('request.noted', 'request.closed') }, secret), 'what was altered is not').toBe(false)
    const event = JSON.parse(first.body) as { type: string; data: Record<string, unknown> }
    expect(event.type).toBe('request.noted')
    expect(event.data.request_id).toBe(filed.id)
    expect(first.body, 'it names nobody').not.toMatch(/Nora|Feld|@example/)

    await hook.getByRole('button', { name: 'Deliveries' }).click()
    const lines = hook.getByRole('row').filter({ hasText: 'request.noted' })
    await expect(lines).toHaveCount(1)
    await expect(lines).toContainText('Taken')
    await lines.getByText('request.noted', { exact: true }).click()
    await expect(lines.getByText(filed.id)).toBeVisible()

    receiver.answer(410)
    await note()
    await expect(hook).toContainText('switched off: the receiver said that it is gone')
    await expect(lines).toHaveCount(2)
    await expect(lines.first()).toContainText('Given up')
    await lines.first().getByRole('button', { name: 'Send again' }).click()
    await expect(lines.first().getByRole('alert')).toContainText('Switch it on')
    receiver.answer(503)
    await change(page, 'Switch it on')
    await expect(hook).not.toContainText('the receiver said that it is gone')
    await lines.first().getByRole('button', { name: 'Send again' }).click()
    await expect.poll(() => receiver.came.length, { message: 'it is sent again' }).toBe(3)
    await expect(lines.first()).toContainText('Waiting')
    receiver.answer(204)
    await expect(lines.first(), 'seconds later by itself').toContainText(/Taken after \d tries/)
    const again = receiver.came.slice(1)
    expect(again).toHaveLength(3)
    expect(new Set(again.map((d) => d.headers['webhook-id'])).size, 'a receiver can tell that it is the same one').toBe(1)
    for (const delivery of again) expect(isSigned(delivery, secret)).toBe(true)

    await change(page, 'Replace the secret')
    const replace = page.getByRole('dialog', { name: 'Replace the secret of Tickets' })
    await replace.getByRole('button', { name: 'Make another secret' }).click()
    const next = (await replace.locator('code').innerText()).trim()
    expect(next).not.toBe(secret)
    await replace.getByRole('button', { name: 'I have kept it' }).click()
    await hook.getByRole('button', { name: 'Send a test' }).click()
    await expect.poll(() => receiver.came.at(-1)?.body).toContain('webhook.test')
    const last = receiver.came.at(-1)
    for (const one of [secret, next]) expect(last && isSigned(last, one), 'for a day both sign').toBe(true)
  } finally {
    receiver.end()
  }
})
