import type { Page } from '@playwright/test'

import { call, known, someone, stands } from './world/api'
import { fitsEverybody } from './world/axe'
import { mailed } from './world/mail'
import { joinTenant, screen } from './world/people'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'
import { Visitor } from './world/visitor'

test.describe.configure({ timeout: 180_000 })

const heading = (page: Page) => page.getByRole('heading', { level: 1 })
const wish = 'Have a human look at a decision that a machine took about me'
const show = (page: Page) => page.getByRole('button', { name: 'Show the decision and what the person says of it' }).click()

/** Fills in a review and puts it on record. */
async function review(page: Page, outcome: string, reasons: string) {
  const form = page.getByRole('dialog', { name: 'Record your review' })
  await form.getByRole('radio', { name: outcome }).check()
  await form.getByLabel('How you considered the person’s view').fill('The order was another customer’s indeed.')
  await form.getByLabel('Which data the decision used').fill('Orders of two years, one of them wrongly joined.')
  await expect(form.getByRole('button', { name: 'Put it on record' }), 'the reasons are missing').toBeDisabled()
  await form.getByLabel('The reasons').fill(reasons)
  await form.getByRole('button', { name: 'Put it on record' }).click()
  await expect(form).toBeHidden()
}

test('a person without JavaScript contests a decision, and somebody who had no part in it looks at it', async ({ visit }) => {
  const { slug, key } = ownTenant('Fern Hollow')
  const email = someone('iris')
  const context = await visit({ javaScriptEnabled: false })
  const form = await context.newPage()
  await form.goto(`/${slug}/request?lang=en`)
  let opened = Date.now()
  await form.getByLabel(wish).check()
  await form.getByLabel('Your name').fill('Iris Aldane')
  await form.getByLabel('Your e-mail address').fill(email)
  await expect.poll(() => Date.now() - opened).toBeGreaterThan(3_500)
  await form.getByRole('button', { name: 'Send the request' }).click()
  await expect(form.getByRole('alert')).toContainText('Say which decision a human is to look at')
  opened = Date.now()
  await form.getByLabel('The decision', { exact: true }).fill('You refused me an instalment plan')
  await form.getByLabel('What did it do? (optional)').fill('I had to send the bed back.')
  await form.getByLabel('What do you think of it? (optional)').fill('You counted an order\nthat is not mine.')
  await expect.poll(() => Date.now() - opened, 'the form does not believe in people who are quicker').toBeGreaterThan(3_500)
  await form.getByRole('button', { name: 'Send the request' }).click()
  await expect(form.getByRole('heading', { name: 'We have your request' })).toBeVisible()
  await new Visitor(context, email).prove()
  const looked = await (await visit()).newPage()
  await looked.goto(`/${slug}/request?lang=en`)
  await looked.getByLabel(wish).check()
  await fitsEverybody(looked, 'the form with a decision')

  const [desk, office] = await Promise.all([visit(), visit()])
  await Promise.all([joinTenant(desk, slug, 'agent', true), joinTenant(office, slug, 'dpo', true)])
  const { items } = await call<{ items: { id: string }[] }>('GET', '/v1/requests', undefined, key)
  const id = items[0]?.id ?? ''
  await stands(id, 'reviewing', key)
  const page = await screen(office, `/requests/${id}`)
  await expect(heading(page)).toContainText('To be reviewed by a human')
  await expect(page.getByText('an instalment plan'), 'nothing personal before it is asked for').toHaveCount(0)
  await page.getByRole('button', { name: 'More' }).click()
  await expect(page.getByRole('menuitem', { name: /^Answer with the review/ })).toContainText('Look at the decision first')
  await page.keyboard.press('Escape')
  await show(page)
  await expect(page.getByRole('region', { name: 'What the person says' })).toContainText('You counted an order\nthat is not mine.')
  await page.getByRole('button', { name: 'Say who' }).click()
  const makers = page.getByRole('dialog', { name: 'Who took or prepared the decision' })
  await makers.getByRole('checkbox', { name: 'Robin agent' }).check()
  await fitsEverybody(page, 'who made a decision')
  await makers.getByRole('button', { name: 'Put it on record' }).click()
  await expect(page.getByRole('region', { name: 'Who took or prepared it' })).toContainText('Robin agent')

  const maker = await screen(desk, `/requests/${id}`)
  await show(maker)
  await expect(maker.getByText('You took or prepared the decision, so somebody else reviews it.').first()).toBeVisible()
  await expect(maker.getByRole('button', { name: 'Record your review' })).toHaveCount(0)

  await page.getByRole('button', { name: 'Record your review' }).click()
  await fitsEverybody(page, 'recording a review')
  await review(page, 'The decision is changed', 'The order was not yours.\nYou can pay in four parts.')
  await expect(page.getByRole('listitem', { name: 'The decision is changed' })).toContainText('one of them wrongly joined')
  await fitsEverybody(page, 'a review on record')
  await page.getByRole('button', { name: 'Answer with the review', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: /^Answer with the review: / })
  await expect(dialog.getByText(/^This answers with the review with the check sum [0-9a-f]{16}…/)).toBeVisible()
  await fitsEverybody(page, 'answering with a review')
  await dialog.getByRole('button', { name: 'Answer with the review' }).click()
  await expect(heading(page)).toContainText('Fulfilled', { timeout: 40_000 })
  expect(await mailed(email, /(You can pay in four parts\.)/)).toBeTruthy()
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await expect(page.getByText('The person was answered with the review')).toBeVisible()
  const status = await new Visitor(context, email).status()
  await expect(status.getByText('A human has looked at the decision.')).toBeVisible()
})

test('staff file what came by telephone, and the task answers with the review that was read', async ({ visit }) => {
  const { slug, key } = ownTenant('Quarry Lane')
  const office = await visit()
  const [, filed] = await Promise.all([
    joinTenant(office, slug, 'dpo', true),
    known({ right: 'automated_decision', contest: { decision: 'My account was closed', taken: 'Last Tuesday' } }, key),
  ])
  const page = await screen(office, '/requests')
  await page.getByRole('button', { name: 'New request' }).first().click()
  const form = page.getByRole('dialog', { name: 'New request' })
  await form.getByLabel('E-mail').fill(someone('otto'))
  await form.getByRole('checkbox', { name: 'Human review', exact: true }).check()
  await form.getByRole('button', { name: 'File the request' }).click()
  await expect(form.getByText('Say which decision a human is to look at.')).toBeVisible()
  await fitsEverybody(page, 'filing a request about a decision')
  await form.getByLabel('Which decision').fill('A lower limit on orders')
  await form.getByRole('button', { name: 'File the request' }).click()
  await expect(heading(page)).toContainText('Proving identity')

  await stands(filed.id, 'reviewing', key)
  await page.goto('/console/tasks?kind=human_review')
  await page.getByRole('button', { name: 'Review an automated decision' }).click()
  const task = page.getByRole('complementary', { name: 'The task' })
  await task.getByRole('radio', { name: 'Answer with the review on record' }).check()
  const decide = task.getByRole('button', { name: 'Answer with the review on record' })
  await expect(decide).toBeDisabled()
  await task.getByRole('button', { name: 'Show the decision' }).click()
  await expect(task.getByText('My account was closed')).toBeVisible()
  await expect(task.getByText('Say first who took or prepared the decision, or that nobody of the staff did.').first()).toBeVisible()
  await fitsEverybody(page, 'the task of a review')

  const request = await screen(office, `/requests/${filed.id}`)
  await show(request)
  await request.getByRole('button', { name: 'Say who' }).click()
  const nobody = request.getByRole('dialog', { name: 'Who took or prepared the decision' })
  await expect(nobody.getByText('With nobody chosen you put on record')).toBeVisible()
  await nobody.getByRole('button', { name: 'Put it on record' }).click()
  await expect(request.getByText('It is on record that nobody of the staff took or prepared it.')).toBeVisible()
  await request.getByRole('button', { name: 'Record your review' }).click()
  await expect(request.getByText('The person gave no view of it; ask them if you need it.')).toBeVisible()
  await review(request, 'The decision no longer holds', 'Your account is open again.')
  await page.reload()
  await page.getByRole('button', { name: 'Review an automated decision' }).click()
  await task.getByRole('radio', { name: 'Answer with the review on record' }).check()
  await task.getByRole('button', { name: 'Show the decision' }).click()
  await expect(task.getByRole('listitem', { name: 'The decision no longer holds' })).toContainText('Your account is open again.')
  await decide.click()
  await stands(filed.id, 'closed', key)
  expect(await mailed(filed.email, /(Your account is open again\.)/)).toBeTruthy()
})
