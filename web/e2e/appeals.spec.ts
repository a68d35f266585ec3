import { call, command, known, stands } from './world/api'
import { fitsEverybody } from './world/axe'
import { mailed } from './world/mail'
import { joinTenant, screen } from './world/people'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'
import { Visitor } from './world/visitor'

test.describe.configure({ timeout: 180_000 })

test('a person goes against a refusal on their page, somebody else grants it, and the request is taken up again', async ({ visit }) => {
  const { slug, key } = ownTenant('Alder Court')
  const filed = await known({ regime: 'us-co' }, key)
  await stands(filed.id, 'reviewing', key)
  await command(filed.id, 'refuse', { reason: 'excessive', explanation: 'It is the third this week.' }, key)
  await stands(filed.id, 'closed', key)
  expect(await mailed(filed.email, /(http\S+\/appeal)\s/), 'the letter leads there').toBeTruthy()

  const page = await new Visitor(await visit({ javaScriptEnabled: false }), filed.email).room('appeal', 'Go on')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByLabel('What is wrong with our answer?').fill('It was one request.\nI never wrote before.')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByRole('status')).toContainText('We have it')
  expect(await mailed(filed.email, /(Somebody who did not give that answer)/)).toBeTruthy()

  const office = await visit()
  await joinTenant(office, slug, 'dpo', true)
  const desk = await screen(office, '/tasks?kind=appeal')
  await desk.getByRole('button', { name: 'Decide on an appeal' }).click()
  await desk.getByRole('complementary', { name: 'The task' }).getByRole('link', { name: 'Open the request' }).click()
  await desk.getByRole('tab', { name: 'Appeals' }).click()
  await expect(desk.getByText('I never wrote before.')).toBeVisible()
  await fitsEverybody(desk, 'an appeal')
  await desk.getByRole('button', { name: 'Decide on it' }).click()
  const form = desk.getByRole('dialog', { name: 'Decide on the appeal' })
  await form.getByRole('radio', { name: 'Grant it' }).check()
  await form.getByLabel('Why').fill('It was one request indeed.')
  await fitsEverybody(desk, 'deciding on an appeal')
  await form.getByRole('button', { name: 'Grant it' }).click()
  await expect(form).toBeHidden()
  await stands(filed.id, 'reviewing', key)
  expect(await mailed(filed.email, /(You were right)/)).toBeTruthy()
  const owed = await call<{ items: { kind: string; state: string }[] }>('GET', `/v1/requests/${filed.id}/obligations`, undefined, key)
  expect(owed.items.find((o) => o.kind === 'appeal_decision')?.state).toBe('met')
})
