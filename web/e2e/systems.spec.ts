import { readFileSync } from 'node:fs'

import type { Locator, Page } from '@playwright/test'

import { call, known, someone, stands } from './world/api'
import { fitsEverybody } from './world/axe'
import { joinTenant, screen } from './world/people'
import { beside, sampleDatabase } from './world/stack'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'

const annotation = (name: string) => readFileSync(beside(`../../../deploy/sample/annotation/${name}.yml`), 'utf8')

// She is in the sample company's shop, with whatever she ordered.
const customer = 'amelie.brandt@example.com'

test('an administrator adds a system, mends its dataset at the line, tries it with a test person, stops it and lets it go on', async ({ visit }) => {
  const tenant = ownTenant('Wool Hall')
  const context = await visit({ permissions: ['clipboard-read', 'clipboard-write'] })
  await joinTenant(context, tenant.slug, 'admin', true)
  const page = await screen(context, '/systems')
  await page.getByRole('button', { name: 'Add a system' }).first().click()
  const form = page.getByRole('dialog', { name: 'Add a system' })
  await form.getByLabel('Name').fill('Wool shop')
  await form.getByLabel('Key').fill('sample_shop')
  await form.getByLabel('Address').fill(sampleDatabase('sample_shop'))
  await form.getByLabel('Declaration').fill(annotation('shop_declaration'))
  await form.getByRole('button', { name: 'Add the system' }).click()
  await expect(page.getByRole('heading', { name: 'Wool shop', level: 1 })).toBeVisible()
  expect(await page.content(), 'the password is never shown again').not.toContain(new URL(sampleDatabase('sample_shop')).password)

  const text = annotation('shop')
  const misspelt = text.replace('name: stars, data_categories: [user.content.public]', 'name: stars, data_categories: [user.stars]')
  const line = text.slice(0, text.indexOf('name: stars')).split('\n').length
  await paste(page, misspelt)
  await expect(page.getByRole('alert')).toContainText(`dataset:${line} sample_shop.reviews.stars`)
  const marker = page.locator('.cm-lint-marker-error')
  await expect(marker, 'where it is wrong').toHaveCount(1)
  expect(await top(page.locator('.cm-gutter-lint .cm-gutterElement').filter({ has: marker }))).toBe(await top(page.locator('.cm-lineNumbers').getByText(String(line), { exact: true })))
  await marker.hover()
  await expect(page.locator('.cm-tooltip')).toContainText('"user.stars" in data_categories is not in the taxonomy')
  await paste(page, text)
  await expect(page.getByText('It can be read as it is.')).toBeVisible()
  await expect(marker).toHaveCount(0)
  await page.getByRole('button', { name: 'Save the dataset' }).click()
  await expect(page.getByText('Last saved')).toBeVisible()
  await page.getByRole('button', { name: 'Test the system' }).click()
  await expect(page.getByText('It can be reached, and everything is as the datasets say.')).toBeVisible()

  await page.getByRole('tab', { name: 'Preview' }).click()
  await page.getByText('For somebody without one').click()
  await page.getByLabel('E-mail').fill(customer)
  await page.getByRole('button', { name: 'Count' }).click()
  await expect(page.getByRole('row', { name: /customers/ })).toContainText(/customers[1-9]\d*$/)
  await page.getByLabel('E-mail').fill(someone('nobody'))
  await page.getByRole('button', { name: 'Count' }).click()
  await expect(page.getByText('Nothing is there for this person.')).toBeVisible()

  await page.getByRole('button', { name: 'Emergency stop' }).click()
  const stop = page.getByRole('dialog', { name: 'Stop Wool shop' })
  await stop.getByLabel('Why').fill('The disk makes a noise.')
  await stop.getByRole('button', { name: 'Stop the system' }).click()
  await expect(page.getByText(/^Wool shop is stopped since .*, by Robin admin: The disk makes a noise\.$/)).toBeVisible()
  const filed = await known({}, tenant.key)
  await stands(filed.id, 'collecting', tenant.key)
  const request = await screen(context, `/requests/${filed.id}`)
  await expect(request.getByRole('region', { name: 'Systems' })).toContainText('Waiting')
  await page.getByRole('button', { name: 'Let it be read again' }).click()
  await expect(page.getByText(/^Wool shop is stopped/)).toBeHidden()
  await stands(filed.id, 'reviewing', tenant.key)
  await expect(request.getByRole('heading', { level: 1 })).toContainText('In review')
  const { items: log } = await call<{ items: { action: string }[] }>('GET', '/v1/audit/events?limit=100', undefined, tenant.key)
  const latest = log.map((e) => e.action).filter((a) => ['system.stopped', 'system.resumed', 'collection.started'].includes(a))
  expect(latest, 'nothing was read in between').toEqual(['collection.started', 'system.resumed', 'system.stopped'])
})

test('an administrator has a dataset drafted from the live schema, looks at what is unsure, mends it and saves it', async ({ visit }) => {
  const tenant = ownTenant('Drafting House')
  const system = await call<{ id: string }>('POST', '/v1/systems', {
    key: 'sample_crm', name: 'Customer relations', kind: 'postgres', target: sampleDatabase('sample_crm'), declaration: annotation('crm_declaration'),
  }, tenant.key)
  const context = await visit()
  await joinTenant(context, tenant.slug, 'admin', true)
  const page = await screen(context, `/systems/${system.id}`)
  await page.getByRole('button', { name: 'Draft from the live schema' }).click()
  const draft = page.getByRole('region', { name: 'Draft from the live schema' })
  await expect(draft.getByText('no value is in it, and nothing is saved yet')).toBeVisible()
  const unsure = draft.getByRole('group').filter({ hasText: 'lines to look at' })
  const before = await unsure.getByRole('listitem').count()
  expect(before).toBeGreaterThan(2)
  await expect(draft.locator('.cm-lint-marker-warning').first(), 'each is marked at its line as well').toBeVisible()

  await fitsEverybody(page, 'a draft')

  await unsure.getByRole('button', { name: 'contacts.preferences' }).click()
  const line = draft.locator('.cm-activeLine')
  await expect(line).toContainText('name: preferences')
  await page.keyboard.press('Shift+End')
  await page.keyboard.type('          - {name: preferences, fides_meta: {data_type: object}, fields: [{name: channel, data_categories: [user.privacy_preferences]}]}')
  await expect(unsure.getByRole('listitem'), 'who has looked at it takes the mark away').toHaveCount(before - 1)
  await expect(page.getByText('It can be read as it is.')).toBeVisible()
  expect((await call<{ items: unknown[] }>('GET', '/v1/datasets', undefined, tenant.key)).items, 'nothing is saved so far').toEqual([])
  await draft.getByRole('button', { name: 'Save the dataset' }).click()
  await expect(page.getByText('Last saved')).toBeVisible()
  await page.getByRole('button', { name: 'Test the system' }).click()
  await expect(page.getByText('It can be reached, and everything is as the datasets say.')).toBeVisible()
})

test('an administrator adds a service behind HTTP: faults are told with their lines, secrets are never shown', async ({ visit }) => {
  const tenant = ownTenant('Letter House')
  const context = await visit()
  await joinTenant(context, tenant.slug, 'admin', true)
  const page = await screen(context, '/systems')
  await page.getByRole('button', { name: 'Add a system' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Add a system' })
  await dialog.getByLabel('Name').fill('Newsletter')
  await dialog.getByLabel('Key').fill('sample_newsletter')
  await dialog.getByRole('combobox', { name: 'What it is' }).click()
  await page.getByRole('option', { name: 'Service behind HTTP' }).click()
  const document = annotation('newsletter_service').replace('http://127.0.0.1:1/v1', 'https://api.newsletter.example/v1')
  await dialog.getByLabel('Service document').fill(document.replace('kind: bearer', 'kind: beaver'))
  await dialog.getByLabel('Secrets', { exact: true }).fill('token=e2e-canary')
  await dialog.getByLabel('Declaration').fill(annotation('newsletter_declaration'))
  await dialog.getByRole('button', { name: 'Add the system' }).click()
  await expect(dialog.getByText('unknown kind "beaver"')).toBeVisible()
  await fitsEverybody(page, 'a new service')
  await dialog.getByLabel('Service document').fill(document)
  await dialog.getByRole('button', { name: 'Add the system' }).click()

  await expect(page.getByRole('heading', { name: 'Newsletter' })).toBeVisible()
  await expect(page.getByText('https://api.newsletter.example/v1').first()).toBeVisible()
  await page.getByRole('tab', { name: 'Service' }).click()
  await expect(page.getByRole('textbox', { name: 'Service document' })).toContainText('sample_newsletter.subscribers')
  await fitsEverybody(page, 'a service document')
  expect(await page.content()).not.toContain('e2e-canary')
  const [system] = (await call<{ items: { kind: string; address: string; changes: boolean }[] }>('GET', '/v1/systems', undefined, tenant.key)).items
  expect(system).toMatchObject({ kind: 'http', address: 'https://api.newsletter.example/v1', changes: false })
})

/** Puts a text in the place of what stands in the editor, as from another program. */
async function paste(page: Page, text: string) {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
  await page.getByRole('textbox', { name: 'Dataset in YAML' }).click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.press('ControlOrMeta+V')
}

const top = async (place: Locator) => Math.round((await place.boundingBox())?.y ?? -1)
