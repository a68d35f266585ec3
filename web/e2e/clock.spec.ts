import type { Locator, Page } from '@playwright/test'

import { call, reviewed } from './world/api'
import { mailed } from './world/mail'
import { join, screen } from './world/people'
import { expect, test } from './world/test'

const owed = (page: Page, what: string) => page.getByRole('region', { name: 'What is owed' }).getByRole('group').filter({ hasText: what })

/** Chooses a command in the menu of a request and confirms it. */
async function order(page: Page, name: string, fill?: (dialog: Locator) => Promise<void>) {
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name, exact: true }).click()
  const dialog = page.getByRole('dialog', { name: new RegExp(`^${name}`) })
  await fill?.(dialog)
  await dialog.getByRole('button', { name, exact: true }).click()
  await expect(dialog).toBeHidden()
}

test('a data protection officer extends with notice, pauses and lets the clock run again', async ({ visit }) => {
  const context = await visit()
  const [filed] = await Promise.all([reviewed(), join(context, 'dpo')])
  const page = await screen(context, `/requests/${filed.id}`)

  await order(page, 'Extend the deadline', async (dialog) => {
    await expect(dialog.getByText('The person is told, with the reason.')).toBeVisible()
  })
  const answer = owed(page, 'Answer the request')
  await answer.click()
  await expect(answer.getByText('Set anew: the deadline was extended')).toBeVisible()
  await expect(answer.getByText(/earlier dates?, superseded:/)).toBeVisible()
  await expect(answer.getByText('Set when the request came in')).toBeVisible()
  await mailed(filed.email, /(takes longer: you will hear from us by .*)/)
  await page.getByRole('button', { name: 'More' }).click()
  await expect(page.getByRole('menuitem', { name: /Extend the deadline/ })).toContainText('It was extended once already.')
  await page.keyboard.press('Escape')

  await order(page, 'Pause the clock')
  await expect(page.getByText(/The clock is paused since/)).toBeVisible()
  await expect(answer.locator('summary')).toContainText('paused,')
  await order(page, 'Let the clock run')
  await expect(page.getByText(/The clock is paused since/)).toBeHidden()
  await expect(answer.getByText('Set anew: the clock runs again').first()).toBeVisible()

  await page.getByRole('tab', { name: 'Letters' }).click()
  await expect(page.getByText('Notice of the extension')).toBeVisible()
})

test('a data protection officer takes an escalation over', async ({ visit }) => {
  const context = await visit()
  const received = new Date(Date.now() - 80 * 24 * 3600 * 1000).toISOString()
  const [filed] = await Promise.all([reviewed({ received_at: received, backdate_reason: 'The letter lay in the post room.' }), join(context, 'dpo')])
  await expect.poll(async () => {
    const { items } = await call<{ items: { state: string }[] }>('GET', `/v1/requests/${filed.id}/obligations`)
    return items.some((o) => o.state === 'overdue')
  }, { message: 'something is overdue', timeout: 60_000 }).toBe(true)

  const page = await screen(context, `/requests/${filed.id}`)
  await expect(page.getByRole('article').getByText(/overdue by/).first()).toBeVisible()
  await expect(page.getByText('The letter lay in the post room.')).toBeVisible()
  await order(page, 'Take the escalation over')
  await expect(page.getByText(/The escalation was taken over on/).first()).toBeAttached()
})
