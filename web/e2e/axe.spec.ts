import type { Page } from '@playwright/test'

import { call, command, file, reviewed, someone, stands } from './world/api'
import { fitsEverybody } from './world/axe'
import { downloadLink, invitationLink, mailed, resetLink } from './world/mail'
import { join, joinTenant, newPassword, screen, signIn } from './world/people'
import { startReceiver } from './world/receiver'
import { company, docket } from './world/stack'
import { ownTenant, severalLaws, strict } from './world/tenants'
import { expect, test } from './world/test'
import { totp } from './world/totp'
import { inEnglish, Visitor } from './world/visitor'

test.describe.configure({ timeout: 180_000 })

const loaded = (page: Page) => expect(page.locator('[aria-busy="true"], .mantine-Skeleton-root')).toHaveCount(0)

/** Opens screen after screen in one tab and looks at each. */
async function look(page: Page, paths: Record<string, string>) {
  for (const [what, path] of Object.entries(paths)) {
    await page.goto(`/console${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await loaded(page)
    await fitsEverybody(page, what)
  }
}

test('the console: lists and what opens over them', async ({ visit }) => {
  const context = await visit()
  await Promise.all([join(context, 'dpo'), reviewed()])
  const page = await context.newPage()
  await look(page, { docket: '/', requests: '/requests', 'no requests': '/requests?state=delivering&right=limit_use', tasks: '/tasks', reports: '/reports', nowhere: '/no/such/screen' })
  await page.goto('/console/requests')
  await page.getByRole('button', { name: 'New request' }).last().click()
  await page.getByRole('dialog').getByRole('checkbox', { name: 'Access', exact: true }).check()
  await expect(page.getByText(/^Answer the request by/)).toBeVisible()
  await fitsEverybody(page, 'new request')
  await page.goto('/console/requests')
  await page.getByRole('button', { name: /^Search/ }).click()
  await expect(page.getByRole('dialog', { name: 'Search' })).toBeVisible()
  await fitsEverybody(page, 'search')
  await page.goto('/console/requests')
  await page.getByRole('button', { name: 'Keys' }).click()
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  await fitsEverybody(page, 'keys')
  await page.goto('/console/requests')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.getByRole('button', { name: 'Open the navigation' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await fitsEverybody(page, 'navigation', { widths: [390] })
})

test('the console: a request', async ({ visit }) => {
  const context = await visit()
  const [filed] = await Promise.all([reviewed({ details: 'Please send me everything.' }), join(context, 'dpo')])
  const page = await screen(context, `/requests/${filed.id}`)
  await page.getByRole('button', { name: 'Show the person' }).click()
  await expect(page.getByText(filed.email)).toBeVisible()
  await page.getByRole('region', { name: 'What is owed' }).getByRole('group').first().click()
  for (const tab of ['Review', 'Timeline', 'Package', 'Conversation', 'Letters', 'Notes', 'Documents']) {
    await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click()
    await loaded(page)
    await fitsEverybody(page, `request, ${tab}`)
  }
  await page.getByRole('button', { name: 'More' }).click()
  await expect(page.getByRole('menuitem', { name: 'Extend the deadline' })).toBeVisible()
  await fitsEverybody(page, 'commands')
  await page.getByRole('menuitem', { name: 'Extend the deadline' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await fitsEverybody(page, 'a command')
  await page.getByRole('button', { name: 'Leave it' }).click()
  await page.getByRole('tab', { name: 'Review' }).click()
  await page.getByRole('button', { name: 'Leave something out' }).click()
  const leave = page.getByRole('dialog')
  await expect(leave).toBeVisible()
  await fitsEverybody(page, 'leaving something out')
  for (const [list, choice] of [['System', 'Web shop'], ['Collection', /reviews/], ['Column', 'body']] as const) {
    await leave.getByRole('combobox', { name: list }).click()
    await page.getByRole('option', { name: choice, exact: true }).click()
  }
  await leave.getByLabel('Explanation').fill('It names a neighbour.')
  await leave.getByRole('button', { name: 'Leave it out of the answer' }).click()
  await page.getByRole('button', { name: 'Show what is left out' }).click()
  await expect(page.getByText('It names a neighbour.')).toBeVisible()
  await fitsEverybody(page, 'request, Review with something left out')
})

test('the console: a key, deliveries, a task, a date worked out', async ({ visit }) => {
  const { slug, key } = ownTenant('Tide Table')
  const context = await visit()
  const receiver = await startReceiver()
  try {
    await Promise.all([joinTenant(context, slug, 'admin', true), reviewed({}, key), call('POST', '/v1/webhooks', { name: 'Tickets', url: receiver.url, actions: ['request.noted'] }, key)])
    const page = await screen(context, '/settings/keys')
    await page.getByRole('button', { name: 'Make a key' }).click()
    const form = page.getByRole('dialog', { name: 'Make a key' })
    await form.getByLabel('Name').fill('statistics')
    await form.getByRole('combobox', { name: 'Only for' }).click()
    await page.getByRole('option', { name: 'Requests: read' }).click()
    await page.keyboard.press('Tab')
    await fitsEverybody(page, 'making a key')
    await form.getByRole('button', { name: 'Make the key' }).click()
    await expect(form.getByText('This is the secret.')).toBeVisible()
    await fitsEverybody(page, 'the secret of a key')

    await page.goto('/console/settings/webhooks')
    await page.getByRole('button', { name: 'Send a test' }).click()
    const line = page.getByRole('row').filter({ hasText: 'webhook.test' })
    await expect(line).toContainText('Taken')
    await line.getByText('webhook.test', { exact: true }).click()
    await fitsEverybody(page, 'deliveries')

    await page.goto('/console/tasks')
    await page.getByRole('button', { name: 'Review what was collected' }).click()
    const task = page.getByRole('complementary', { name: 'The task' })
    await task.getByRole('radio').last().check()
    await fitsEverybody(page, 'a task')

    await page.goto('/console/rules/gdpr')
    const whatIf = page.getByRole('region', { name: 'What would be owed' })
    await whatIf.getByLabel('Extended').check()
    await expect(whatIf.getByText(/^3 months from/)).toBeVisible()
    await fitsEverybody(page, 'a date worked out')
  } finally {
    receiver.end()
  }
})

test('the console: systems, rules, audit log, settings, account', async ({ visit }) => {
  const context = await visit()
  await join(context, 'admin', true)
  const { items: [system] } = await call<{ items: { id: string }[] }>('GET', '/v1/systems')
  const page = await context.newPage()
  await look(page, {
    systems: '/systems', system: `/systems/${system?.id ?? ''}`, rules: '/rules', rule: '/rules/gdpr', calendars: '/rules/calendars', ladders: '/rules/ladders', letters: '/rules/letters', 'audit log': '/audit', 'message check': '/mail', tenant: '/settings', people: '/settings/people',
    'API keys': '/settings/keys', webhooks: '/settings/webhooks', 'single sign-on': '/settings/sign-on', installation: '/settings/installation', account: '/account',
  })
  for (const tab of ['Declaration', 'Preview']) {
    await page.goto(`/console/systems/${system?.id ?? ''}`)
    await page.getByRole('tab', { name: tab }).click()
    await loaded(page)
    await fitsEverybody(page, `system, ${tab}`)
  }
  await page.goto('/console/audit')
  await page.getByRole('button', { name: 'Verify the log' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await fitsEverybody(page, 'verifying')
  await page.goto('/console/settings/people')
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await fitsEverybody(page, 'inviting')
  const operator = await visit()
  await joinTenant(operator, 'operations', 'operator', true)
  await look(await operator.newPage(), { tenants: '/tenants' })
})

test('the console: the ways in', async ({ visit }) => {
  const context = await visit()
  const page = await context.newPage()
  await look(page, { 'sign-in': '/sign-in', 'broken invitation': '/invitation', 'broken reset': '/reset', reset: '/reset#none' })
  await page.goto('/console/sign-in')
  await page.getByRole('button', { name: 'I have forgotten my password' }).click()
  await fitsEverybody(page, 'forgotten password')

  const email = someone('robin')
  docket(['account', 'invite', '--tenant', strict, '--role', 'agent', '--person-file', '-', '--json'], JSON.stringify({ name: 'Robin Hale', email }))
  await page.goto(await mailed(email, invitationLink))
  await expect(page.getByLabel('Your name')).toBeVisible()
  await fitsEverybody(page, 'invitation')
  const password = newPassword()
  await page.getByLabel('Your name').fill('Robin Hale')
  await page.getByRole('textbox', { name: 'A new password' }).fill(password)
  await page.getByRole('button', { name: 'Accept the invitation' }).click()
  await expect(page.getByAltText('QR code for the authenticator app')).toBeVisible()
  await fitsEverybody(page, 'second factor')
  await page.getByLabel('Code of the app').fill(totp((await page.locator('code').innerText()).trim()))
  await page.getByRole('button', { name: 'Add the app' }).click()
  await expect(page.getByText('I have kept them')).toBeVisible()
  await fitsEverybody(page, 'recovery codes')
  const again = await (await visit()).newPage()
  await signIn(again, { email, password })
  await expect(again.getByRole('heading', { name: 'Second step' })).toBeVisible()
  await fitsEverybody(again, 'second step')

  const forgetful = await (await visit()).newPage()
  await forgetful.goto('/console/sign-in')
  await forgetful.getByRole('button', { name: 'I have forgotten my password' }).click()
  await forgetful.getByLabel('E-mail').fill(email)
  await forgetful.getByRole('button', { name: 'Send the link' }).click()
  await forgetful.goto(await mailed(email, resetLink))
  await forgetful.getByLabel('New password').fill(newPassword())
  await fitsEverybody(forgetful, 'reset with its link')
  await forgetful.getByRole('button', { name: 'Set the password' }).click()
  await expect(forgetful.getByText('Your new password is set')).toBeVisible()
  await fitsEverybody(forgetful, 'a new password is set')
})

test('the public pages', async ({ visit }) => {
  const context = await visit()
  const page = await context.newPage()
  const open = async (what: string, path: string) => {
    await page.goto(path)
    await fitsEverybody(page, what)
  }
  await open('form', `/${company}/request?lang=en&place=DE`)
  await open('form for somebody else', `/${company}/request?lang=en&place=DE&for=other`)
  await open('where people live', `/${severalLaws}/request?lang=en`)
  await open('nothing there', '/nobody/request?lang=en')
  await open('dead link', `/${company}/status/none?lang=en`)
  await page.goto(`/${company}/request?lang=en&place=DE`)
  await page.getByRole('button', { name: 'Send the request' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await fitsEverybody(page, 'form with faults')

  const filed = await file()
  const person = new Visitor(context, filed.email)
  const status = await person.status()
  await fitsEverybody(status, 'status')
  await status.getByRole('link', { name: 'Take this request back' }).click()
  await fitsEverybody(status, 'withdrawing')
  const address = (await person.status()).url().split('?')[0] ?? ''
  await open('messages, locked', `${address}/messages?lang=en`)
  const messages = await person.messages()
  await fitsEverybody(messages, 'messages')

  await command(filed.id, 'confirm-identity', { note: 'Seen at the desk.' })
  await stands(filed.id, 'reviewing')
  await command(filed.id, 'approve')
  await open('download', inEnglish(await mailed(filed.email, downloadLink)))
})
