import { call, command, file, someone, stands } from './world/api'
import { joinCompany, joinTenant, own, screen } from './world/people'
import { docket } from './world/stack'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'

// An event is told within a second of its commit, and screens gather for less than half of one.
const soon = { timeout: 3_000 }

test('what one person does, another sees without loading anew, and keeps what they have chosen', async ({ visit }) => {
  const [ines, jonas] = await Promise.all([visit(), visit()])
  const filed = await file()
  await Promise.all([joinCompany(ines, 'agent'), joinCompany(jonas, 'agent'), stands(filed.id, 'verifying')])
  const watching = await screen(ines, `/requests/${filed.id}`)
  const acting = await screen(jonas, `/requests/${filed.id}`)
  await watching.getByRole('tab', { name: 'Notes' }).click()
  await expect(watching.getByRole('button', { name: 'Confirm the identity' })).toBeVisible()
  await watching.evaluate(() => Object.assign(window, { neverLoadedAnew: true }))
  const chosen = watching.getByRole('region', { name: 'Requests' }).getByRole('link', { name: new RegExp(filed.reference) })
  await expect(chosen).toHaveAttribute('aria-current', 'page')

  await acting.getByRole('button', { name: 'Confirm the identity' }).click()
  const dialog = acting.getByRole('dialog')
  await dialog.getByLabel('Note for the file').fill('Seen at the desk.')
  await dialog.getByRole('button', { name: 'Confirm the identity' }).click()
  await expect(dialog).toBeHidden()
  await expect(watching.getByRole('button', { name: 'Confirm the identity' })).toBeHidden(soon)

  const later = await file()
  await expect(watching.getByRole('button', { name: /new above\. Show/ })).toBeVisible(soon)
  await expect(watching.getByRole('region', { name: 'Requests' }).getByText(later.reference), 'a new row waits until it is asked for').toHaveCount(0)
  await expect(chosen).toHaveAttribute('aria-current', 'page')
  await expect(watching.getByRole('tab', { name: 'Notes' })).toHaveAttribute('aria-selected', 'true')
  await expect(async () => { // another scenario's may have been there before this one
    await watching.getByRole('button', { name: /new above\. Show/ }).click()
    await expect(watching.getByRole('region', { name: 'Requests' }).getByText(later.reference)).toBeVisible({ timeout: 1_000 })
  }).toPass()
  expect(await watching.evaluate(() => 'neverLoadedAnew' in window)).toBe(true)
})

test('who goes over to another tenant in one window sends nothing from the other', async ({ visit }) => {
  const [first, second] = [ownTenant('Upper Mill'), ownTenant('Lower Mill')]
  const context = await visit()
  const member = await joinTenant(context, first.slug, 'agent')
  const invited = docket(['account', 'invite', '--tenant', second.slug, '--role', 'agent', '--person-file', '-', '--json'], JSON.stringify({ name: 'Robin agent', email: member.email }))
  await own(context, 'PUT', '/v1/invitations', { token: (JSON.parse(invited) as { link: string }).link.split('#')[1], name: 'Robin', password: member.password })
  await own(context, 'PUT', '/v1/session/tenant', { tenant: first.slug })

  const page = await screen(context, '/requests')
  await page.getByRole('button', { name: 'New request' }).first().click()
  const form = page.getByRole('dialog', { name: 'New request' })
  await form.getByLabel('E-mail').fill(someone('mill'))
  await form.getByRole('checkbox', { name: 'Access', exact: true }).check()
  const other = await screen(context, '/requests')
  await other.getByRole('button', { name: /Upper Mill\. Change/ }).click()
  await other.getByRole('menuitem', { name: /Lower Mill/ }).click()
  await expect(other.getByRole('button', { name: /Lower Mill\. Change/ })).toBeVisible()

  await form.getByRole('button', { name: 'File the request' }).click()
  const told = page.getByRole('dialog', { name: 'You went over to another tenant' })
  await expect(told).toContainText('This page is of Upper Mill.')
  const filed = await call<{ items: unknown[] | null }>('GET', '/v1/requests', undefined, second.key)
  expect(filed.items ?? []).toHaveLength(0)
  await told.getByRole('button', { name: 'Back to Upper Mill' }).click()
  await expect(told).toBeHidden()
  await form.getByRole('button', { name: 'File the request' }).click()
  await expect(form).toBeHidden()
  expect((await call<{ items: unknown[] | null }>('GET', '/v1/requests', undefined, first.key)).items ?? []).toHaveLength(1)
})

test('a note of a colleague moves the request on for whoever has the list open', async ({ visit }) => {
  const context = await visit()
  const filed = await file()
  await Promise.all([joinCompany(context, 'agent'), stands(filed.id, 'verifying')])
  const page = await screen(context, '/requests')
  const row = page.getByRole('row', { name: new RegExp(filed.reference) })
  await expect(row).toContainText('Proving identity')
  await command(filed.id, 'cancel', { note: 'Filed twice.' })
  await expect(row).toContainText('Cancelled', soon)
})
