import { file } from './world/api'
import { join, joinTenant, own, screen } from './world/people'
import { expect, test } from './world/test'

const someone = 'Wilhelmina Distelkamp'

test('an auditor reads and verifies, and sees no person', async ({ visit }) => {
  const context = await visit()
  const [filed] = await Promise.all([file({ person: { email: 'wilhelmina.distelkamp@example.com', name: someone }, details: 'Distelkamp asks' }), join(context, 'auditor', true)])
  const page = await context.newPage()
  const read: string[] = []
  page.on('response', async (response) => {
    if (/\/v1\//.test(response.url()) && !response.url().includes('/v1/events')) read.push(await response.text().catch(() => ''))
  })
  await page.goto(`/console/requests/${filed.id}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(filed.reference)
  await expect(page.getByRole('region', { name: 'What is owed' })).toContainText('Answer the request')
  await expect(page.getByRole('region', { name: 'Person' })).toHaveCount(0)
  for (const hidden of ['Review', 'Notes']) await expect(page.getByRole('tab', { name: hidden })).toHaveCount(0)
  for (const refused of ['Show the person', 'More', 'Confirm the identity', 'Search']) await expect(page.getByRole('button', { name: refused })).toHaveCount(0)
  await page.getByRole('tab', { name: 'Letters' }).click()
  await expect(page.getByText('Confirmation of receipt')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Read/ })).toHaveCount(0)
  for (const path of ['person', 'notes', 'redactions']) {
    await expect(own(context, 'GET', `/v1/requests/${filed.id}/${path}`), path).rejects.toThrow(/403/)
  }

  await page.getByRole('link', { name: 'Audit log' }).click()
  await page.getByRole('button', { name: 'Verify the log' }).click()
  const verify = page.getByRole('dialog', { name: 'Verify the log' })
  await expect(verify.getByLabel('Verifier key')).not.toHaveValue('')
  await verify.getByRole('button', { name: 'Verify', exact: true }).click()
  await expect(verify.getByText('The checkpoint is signed with the key.')).toBeVisible()
  await expect(verify.getByText(/each in its place: the head is the signed one/)).toBeVisible()
  await verify.getByRole('button', { name: 'Verify', exact: true }).click()
  await expect(verify.getByText(/that this browser saw before is its beginning/)).toBeVisible()
  expect(read.length).toBeGreaterThan(5)
  expect(read.join('\n'), 'no answer names the person').not.toMatch(/distelkamp/i)
})

test('an operator sees the tenants, enters one and sees no person', async ({ visit }) => {
  const context = await visit()
  const [filed] = await Promise.all([file({ person: { email: 'wilhelmina.distelkamp@example.net', name: someone } }), joinTenant(context, 'operations', 'operator', true)])
  const page = await screen(context, '/tenants')
  const row = page.getByRole('row', { name: /halden-birk/ })
  await expect(row).toContainText(/\d/)
  await row.getByRole('button', { name: 'Enter Halden & Birk' }).click()
  await expect(page.getByRole('heading', { name: 'Docket', level: 1 })).toBeVisible()
  await page.goto(`/console/requests/${filed.id}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(filed.reference)
  await expect(page.getByRole('region', { name: 'Person' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Search' })).toHaveCount(0)
  for (const path of ['person', 'notes', 'redactions', 'conversation']) {
    await expect(own(context, 'GET', `/v1/requests/${filed.id}/${path}`), path).rejects.toThrow(/403/)
  }
  await expect(page.locator('body')).not.toContainText('Distelkamp')
})
