import type { Page } from '@playwright/test'

import { call, file, someone } from './world/api'
import { invitationLink, mailed } from './world/mail'
import { join, joinLongAgo, joinTenant, newPassword, screen, signIn } from './world/people'
import { startProvider } from './world/provider'
import { prove, wrong } from './world/stepup'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'
import { totp } from './world/totp'

// A stream of events asks every half minute whether whoever watches still may.
const soon = { timeout: 40_000 }

/** Chooses in the menu of a member. */
async function change(people: Page, name: string, what: string) {
  await people.getByRole('button', { name: `Change ${name}` }).click()
  await people.getByRole('menuitem', { name: what, exact: true }).click()
  await people.getByRole('dialog', { name: new RegExp(`^${name}: `) }).getByRole('button', { name: /^Make / }).click()
}

test('an administrator invites somebody, gives them another role with a second step, and sends them away', async ({ visit }) => {
  const tenant = ownTenant('Lock Keeper')
  const [desk, mina] = await Promise.all([visit(), visit()])
  const admin = await joinLongAgo(desk, tenant.slug, 'admin')
  const email = someone('mina')
  const right = totp(admin.secret ?? '', 1)
  const people = await screen(desk, '/settings/people')
  await people.getByRole('button', { name: 'Invite somebody' }).click()
  const invite = people.getByRole('dialog', { name: 'Invite somebody' })
  await invite.getByLabel('Name').fill('Mina Hoff')
  await invite.getByLabel('E-mail').fill(email)
  await invite.getByRole('button', { name: 'Invite', exact: true }).click()
  await prove(people, wrong(right))
  await expect(people.getByRole('dialog', { name: 'Prove that it is you' }).getByRole('alert')).toBeVisible()
  await expect(people.getByRole('row', { name: new RegExp(email) })).toHaveCount(0)
  await prove(people, right)
  const row = people.getByRole('row', { name: new RegExp(email) })
  await expect(row).toContainText('Invited')

  const page = await mina.newPage()
  await page.goto(await mailed(email, invitationLink))
  const password = newPassword()
  await page.getByLabel('Your name').fill('Mina Hoff')
  await page.getByRole('textbox', { name: 'A new password' }).fill(password)
  await page.getByRole('button', { name: 'Accept the invitation' }).click()
  await expect(page.getByRole('heading', { name: 'Docket', level: 1 })).toBeVisible()
  await expect(row).toContainText('Active')

  await change(people, 'Mina Hoff', 'Data protection officer')
  await expect(row).toContainText('Data protection officer')
  await expect(page.getByRole('heading', { name: 'Sign in' }), 'another role begins with another sign-in').toBeVisible(soon)
  await signIn(page, { email, password })
  await expect(page.getByRole('heading', { name: 'Docket', level: 1 })).toBeVisible()
  await page.goto('/console/account')
  await expect(page.getByText('Data protection officer, Lock Keeper')).toBeVisible()

  await change(people, 'Mina Hoff', 'Make inactive, and end the sessions')
  await expect(row).toContainText('Inactive')
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible(soon)
  await signIn(page, { email, password })
  await expect(page.getByRole('alert')).toContainText('no tenant has you among its staff')
})

test('an administrator settles single sign-on, and a member comes in from the company’s own provider', async ({ visit }) => {
  const tenant = ownTenant('Mill Race')
  const provider = await startProvider()
  try {
    const desk = await visit()
    await joinTenant(desk, tenant.slug, 'admin', true)
    const settings = await screen(desk, '/settings/sign-on')
    await settings.getByLabel('Issuer').fill(provider.issuer)
    await settings.getByLabel('Words on the button').fill('Mill Race')
    await settings.getByRole('textbox', { name: 'Client', exact: true }).fill('docket')
    await settings.getByLabel('Client secret').fill('provider-secret')
    await settings.getByLabel('Value 1', { exact: true }).fill('privacy')
    await settings.getByRole('combobox', { name: 'Role of value 1' }).click()
    await settings.getByRole('option', { name: 'Data protection officer' }).click()
    await settings.getByRole('button', { name: 'Save the provider' }).click()
    await expect(settings.getByText('People sign in with the company’s own account.')).toBeVisible()
    await settings.reload()
    await expect(settings.getByLabel('Issuer')).toHaveValue(provider.issuer)
    await expect(settings.getByLabel('Client secret'), 'it is never shown again').toHaveValue('')

    const email = someone('mina')
    const context = await visit({}, provider.issuer)
    const page = await context.newPage()
    await page.goto('/console/sign-in')
    await provider.is('mina', email, 'kitchen')
    await page.getByRole('button', { name: 'Single sign-on of your company' }).click()
    await page.getByLabel('Short name of your company').fill(tenant.slug)
    await page.getByRole('button', { name: 'Go to your company’s sign-in' }).click()
    await expect(page.getByText('Your company’s account has no role here.')).toBeVisible()
    await provider.is('mina', email, 'privacy')
    await expect(page.getByLabel('Short name of your company'), 'it is asked once').toHaveValue(tenant.slug)
    await page.getByRole('button', { name: 'Go to your company’s sign-in' }).click()
    await expect(page.getByRole('heading', { name: 'Docket', level: 1 })).toBeVisible()
    await page.goto('/console/account')
    await expect(page.getByText('Data protection officer, Mill Race')).toBeVisible()

    const people = await screen(desk, '/settings/people')
    await expect(people.getByRole('row', { name: new RegExp(email) })).toContainText('Active')
  } finally {
    provider.end()
  }
})

test('the colour of a tenant is that of its public form', async ({ visit }) => {
  const tenant = ownTenant('Salt House')
  const [desk, person] = await Promise.all([visit(), visit({ javaScriptEnabled: false })])
  await joinTenant(desk, tenant.slug, 'admin')
  const form = await person.newPage()
  await form.goto(`/${tenant.slug}/request?lang=en`)
  const button = form.getByRole('button', { name: 'Send the request' })
  await expect(button).not.toHaveCSS('background-color', 'rgb(160, 63, 91)')

  const settings = await screen(desk, '/settings')
  await settings.getByLabel('Colour of the public pages').fill('#a03f5b')
  await settings.getByRole('button', { name: 'Save the settings' }).click()
  await expect(settings.getByText('Saved. What is under way keeps the dates it has.')).toBeVisible()
  await form.reload()
  await expect(button).toHaveCSS('background-color', 'rgb(160, 63, 91)')
})

test('an administrator rotates the tenant’s key, and everything stays readable', async ({ visit }) => {
  const tenant = ownTenant('Glass Works')
  const context = await visit()
  const filed = await file({}, someone('nora'), tenant.key)
  await Promise.all([joinTenant(context, tenant.slug, 'admin', true), file({}, someone('other'), tenant.key)])
  const page = await screen(context, '/settings/installation')
  const keys = page.getByRole('region', { name: 'Keys' })
  await expect(keys).toContainText('never rotated')
  await keys.getByRole('button', { name: 'Rotate the tenant’s key' }).click()
  const dialog = page.getByRole('dialog', { name: 'Rotate the tenant’s key' })
  await dialog.getByRole('button', { name: 'Rotate the key' }).click()
  await expect(dialog).toBeHidden()
  await expect(keys.getByText(/^rotated .* [1-9]\d* keys wrapped anew$/)).toBeVisible({ timeout: 40_000 })
  await expect(keys.getByRole('button', { name: 'Rotate the tenant’s key' })).toBeEnabled()

  await page.goto(`/console/requests/${filed.id}`)
  await page.getByRole('button', { name: 'Show the person' }).click()
  await expect(page.getByText(filed.email), 'what was sealed before').toBeVisible()
})

test('an administrator makes a key for one thing alone, a program uses it, and it is revoked', async ({ visit }) => {
  const context = await visit()
  const [filed] = await Promise.all([file(), join(context, 'admin', true)])
  const name = someone('statistics').split('@')[0] ?? ''
  const page = await screen(context, '/settings/keys')
  await page.getByRole('button', { name: 'Make a key' }).click()
  const dialog = page.getByRole('dialog', { name: 'Make a key' })
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('combobox', { name: 'Only for' }).click()
  await page.getByRole('option', { name: 'Requests: read' }).click()
  await page.keyboard.press('Tab')
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  const key = (await dialog.locator('code').innerText()).trim()
  await dialog.getByRole('button', { name: 'I have kept it' }).click()
  const row = page.getByRole('row', { name: new RegExp(name) })
  await expect(row).toContainText('requests:read')
  await expect(row).toContainText('never')
  await page.reload()
  await expect(row).toBeVisible()
  expect(await page.content(), 'it is shown once').not.toContain(key)

  await call('GET', `/v1/requests/${filed.id}`, undefined, key)
  await expect(call('GET', '/v1/tasks', undefined, key), 'its role may, its scope has it not').rejects.toThrow(/403/)
  await expect(call('POST', `/v1/requests/${filed.id}/cancel`, {}, key)).rejects.toThrow(/403/)

  await row.getByRole('button', { name: `Revoke ${name}` }).click()
  await page.getByRole('dialog', { name: `Revoke ${name}` }).getByRole('button', { name: 'Revoke the key' }).click()
  await expect(row).toContainText('revoked')
  await expect(call('GET', `/v1/requests/${filed.id}`, undefined, key)).rejects.toThrow(/401/)
})
