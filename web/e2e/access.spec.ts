import { readFileSync } from 'node:fs'

import { join, screen } from './world/people'
import { Visitor } from './world/visitor'
import { expect, test } from './world/test'
import { filesOf } from './world/zip'

// She is in both systems of the sample company, and in one review she names her neighbour.
const email = 'amelie.brandt@example.com'
const neighbour = 'Mein Nachbar'

test('an agent files a request, the person proves who they are, the agent leaves something out and approves, the person downloads the package', async ({ visit }) => {
  const began = Date.now()
  const office = await visit()
  await join(office, 'agent')
  const page = await screen(office, '/requests')
  const standing = page.getByRole('heading', { level: 1 })

  await page.getByRole('button', { name: 'New request' }).first().click()
  const form = page.getByRole('dialog', { name: 'New request' })
  await form.getByLabel('E-mail').fill(email)
  await form.getByLabel('Name').fill('Amelie Brandt')
  await form.getByRole('checkbox', { name: 'Access', exact: true }).check()
  await form.getByLabel('In the person’s own words').fill('Please send me everything.')
  await expect(form.getByText(/^Answer the request by/)).toBeVisible()
  const announced = await form.getByText(/^Answer the request by/).locator('strong').innerText()
  await expect(form.getByText(/Art 12\(3\)/).first(), 'the rule stands beside the date before anything is saved').toBeVisible()
  await form.getByRole('button', { name: 'File the request' }).click()
  await expect(form).toBeHidden()
  await expect(standing).toContainText('Proving identity')
  const owed = page.getByRole('region', { name: 'What is owed' }).getByRole('group').filter({ hasText: 'Answer the request' })
  await owed.click()
  await expect(owed.getByText(short(announced), { exact: true }).first(), 'what was announced is what is owed').toBeVisible()

  const person = new Visitor(await visit({ javaScriptEnabled: false }), email, began)
  await person.prove()
  await expect(page.getByRole('tab', { name: 'Review' })).toBeVisible()
  await expect(standing).toContainText('In review', { timeout: 40_000 })

  await page.getByRole('tab', { name: 'Review' }).click()
  await page.getByRole('button', { name: 'Leave something out' }).click()
  const dialog = page.getByRole('dialog', { name: 'Leave something out' })
  await dialog.getByRole('combobox', { name: 'System' }).click()
  await page.getByRole('option', { name: 'Web shop' }).click()
  await dialog.getByRole('combobox', { name: 'Collection' }).click()
  await page.getByRole('option', { name: /reviews/ }).click()
  await dialog.getByRole('combobox', { name: 'Column' }).click()
  await page.getByRole('option', { name: 'body', exact: true }).click()
  await dialog.getByLabel('Explanation').fill('It names a neighbour.')
  await dialog.getByRole('button', { name: 'Leave it out of the answer' }).click()
  await expect(dialog).toBeHidden()
  await page.getByRole('button', { name: 'Show what is left out' }).click()
  await expect(page.getByText('It names a neighbour.')).toBeVisible()

  await page.getByRole('button', { name: 'Approve and send' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Approve and send' }).click()
  await expect(standing).toContainText('Fulfilled', { timeout: 40_000 })

  const files = filesOf(readFileSync(await person.download()))
  expect([...files.keys()]).toContain('manifest.json')
  const content = [...files.values()].join('\n')
  expect(content, 'her own words are in the package').toContain('Mit Nachbar getestet')
  expect(content, 'what concerns somebody else is not').not.toContain(neighbour)
  expect(content, 'the cover says why').toContain('It names a neighbour.')
})

/** Tuesday 22 December 2026, as it stands in a list: 22 Dec 2026. */
function short(day: string): string {
  const [date = '', month = '', year = ''] = day.replace(/^\w+,? /, '').split(' ')
  return `${date} ${month.slice(0, month === 'September' ? 4 : 3)} ${year}`
}
