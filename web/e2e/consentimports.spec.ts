import type { Page } from '@playwright/test'

import { call } from './world/api'
import { fitsEverybody } from './world/axe'
import { joinTenant, screen } from './world/people'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'

test.describe.configure({ timeout: 240_000 })

async function choose(page: Page, label: string, option: string) {
  await page.getByRole('combobox', { name: label, exact: true }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

const list = (lines: string[]) => ({ name: 'readers.csv', mimeType: 'text/csv', buffer: Buffer.from(`\uFEFFEmail;Status;Since;Country;Form\n${lines.join('\n')}\n`) })

async function opened(name: string) {
  const { slug, key } = ownTenant(name)
  await call('PUT', '/v1/consent/purposes/news', {}, key)
  await call('POST', '/v1/consent/purposes/news/texts', { language: 'en', title: 'News', body: 'Write to me.' }, key)
  return { slug, key }
}

/** Chooses a list, and says what its columns mean as far as that can't be guessed. */
async function mapped(page: Page, lines: string[]) {
  await page.getByRole('button', { name: 'Import a list' }).first().click()
  await page.locator('input[type=file]').setInputFiles(list(lines))
  await choose(page, 'Purpose', 'News (news)')
  await choose(page, 'What happened', 'A column says it, line by line')
  await choose(page, 'Column of what happened', 'Status')
  await choose(page, 'How it is written', '2026-05-03')
}

test('a list is mapped in the window, read through, mended by word, and written once', async ({ visit }) => {
  const { slug, key } = await opened('Meadow Letters')
  const context = await visit()
  await joinTenant(context, slug, 'dpo', true)
  const page = await screen(context, '/consents/imports')
  await expect(page.getByText('No list was imported yet')).toBeVisible()
  const calls: string[] = []
  page.on('request', (request) => { if (request.url().includes('/v1/consent/imports') && request.method() !== 'GET') calls.push(request.method()) })
  await mapped(page, ['ana@example.com;subscribed;2026-05-03;DE;Fair', 'ben@example.com;unsubscribed;2026-06-01;CA;Shop', 'nobody;subscribed;2026-06-01;CA;Shop', 'cleo@example.com;subscribed;soon;CA;Shop', 'dora@example.com;on hold;2026-06-01;CA;Shop'])
  const preview = page.getByRole('region', { name: 'First lines of the list' })
  await expect(preview.getByRole('columnheader', { name: 'Email address' })).toBeVisible()
  await expect(preview.getByRole('columnheader', { name: 'Form not used' })).toBeVisible()
  await expect(preview).toContainText('ana@example.com')
  const hand = page.getByRole('button', { name: 'Hand it in and read it through' })
  await expect(page.getByText('Say what each word of the column means.')).toBeVisible()
  await expect(hand).toBeDisabled()
  await choose(page, 'on hold', 'Leave such lines out')
  await page.getByRole('combobox', { name: 'Further columns kept as evidence' }).click()
  await page.getByRole('option', { name: 'Form', exact: true }).click()
  await page.keyboard.press('Escape')
  await expect(preview.getByRole('columnheader', { name: 'Form kept as evidence' })).toBeVisible()
  expect(calls, 'nothing is sent while it is looked at').toEqual([])
  await fitsEverybody(page, 'a list and what its columns mean')
  await hand.click()

  await expect(page.getByRole('heading', { name: /^readers\.csv/ })).toContainText('Read through, nothing written')
  await expect(page.getByText(/5 lines: 2 can be written, 2 can’t, 1 are left out as you said/)).toBeVisible()
  const faults = page.getByRole('region', { name: 'Faulty lines' })
  await expect(faults.getByRole('row')).toHaveCount(3)
  await expect(faults.getByRole('row').nth(1)).toContainText(/^4Address/)
  await expect(faults, 'what stands in a line is not repeated').not.toContainText('nobody')
  const write = page.getByRole('button', { name: 'Write it to the ledger' })
  await expect(write).toBeDisabled()
  await fitsEverybody(page, 'a list that was read through')
  await page.getByLabel('Leave out 2 lines that can’t be written').check()
  await write.click()
  await expect(page.getByRole('dialog')).toContainText('2 lines will stand in the ledger for good')
  await page.getByRole('dialog').getByRole('button', { name: 'Write 2 lines' }).click()
  await expect(page.getByText(/^2 lines stand in the ledger, 2 faulty ones were left out/)).toBeVisible()
  const { allowed } = await call<{ allowed: boolean }>('POST', '/v1/consent/check', { address: 'ana@example.com', purpose: 'news', country: 'AU' }, key)
  expect(allowed).toBe(true)

  await page.getByRole('link', { name: 'Imports' }).last().click()
  await expect(page.getByRole('row', { name: /readers\.csv News .* Written 2 written/ })).toBeVisible()
  await fitsEverybody(page, 'imports')
})

test('the very same list takes a word of its own, and one that is not run is given up', async ({ visit }) => {
  const { slug } = await opened('Heath Letters')
  const context = await visit()
  await joinTenant(context, slug, 'dpo', true)
  const page = await screen(context, '/consents/imports')
  for (const time of ['first', 'second']) {
    await page.goto('/console/consents/imports')
    await mapped(page, ['ana@example.com;subscribed;2026-05-03;DE;Fair'])
    await page.getByRole('button', { name: 'Hand it in and read it through' }).click()
    await page.getByRole('button', { name: 'Write it to the ledger' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Write 1 line' }).click()
    if (time === 'first') await expect(page.getByText(/^1 line stands in the ledger/)).toBeVisible()
  }
  await expect(page.getByRole('alert')).toContainText('imported before')
  await expect(page.getByRole('button', { name: 'Write it to the ledger' })).toBeDisabled()
  await page.getByRole('button', { name: 'Give it up' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Give it up' }).click()
  await expect(page.getByText(/^It was given up/)).toContainText('Nothing was written.')
})

test('writing is stopped by a button, goes on by another, and what is written stays', async ({ visit }) => {
  const { slug } = await opened('Moor Letters')
  const context = await visit()
  await joinTenant(context, slug, 'dpo', true)
  const page = await screen(context, '/consents/imports')
  const lines = 120_000 // so many that a hand is quicker
  await mapped(page, Array.from({ length: lines }, (_, i) => `p${i}@example.com;subscribed;2026-05-03;DE;Fair`))
  await page.getByRole('button', { name: 'Hand it in and read it through' }).click()
  await page.getByRole('button', { name: 'Write it to the ledger' }).click({ timeout: 120_000 })
  await page.getByRole('dialog').getByRole('button', { name: 'Write 120,000 lines' }).click()
  await expect(page.getByText(/^Being written: [1-9]/)).toBeVisible()
  await page.getByRole('button', { name: 'Stop writing' }).click()
  await expect(page.getByRole('dialog')).toContainText('not even who has withdrawn')
  await page.getByRole('dialog').getByRole('button', { name: 'Stop writing' }).click()
  const said = page.getByText(/^Stopped: [\d,]+ of 120,000 lines were gone through, and [\d,]+ lines of them stand/)
  await expect(said).toBeVisible()
  await fitsEverybody(page, 'an import that was stopped')
  const stood = await said.textContent()
  await page.reload()
  await expect(said, 'nothing more is written').toHaveText(stood ?? '')
  await expect(page.getByRole('button', { name: 'Give the rest up' })).toBeVisible()
  await page.getByRole('button', { name: 'Go on writing' }).click()
  await expect(page.getByText(/^120,000 lines stand in the ledger/)).toBeVisible({ timeout: 120_000 })
})

test('a list whose sending broke off is handed in once more, and sending is stopped by a button', async ({ visit }) => {
  const { slug } = await opened('Fen Letters')
  const context = await visit()
  await joinTenant(context, slug, 'admin', true)
  const page = await screen(context, '/consents/imports')
  let held: (() => void) | undefined
  await page.route('**/parts/1', async (route) => { await new Promise<void>((go) => { held = go }); await route.continue().catch(() => undefined) }, { times: 1 })
  await mapped(page, ['ana@example.com;subscribed;2026-05-03;DE;Fair'])
  await page.getByRole('button', { name: 'Hand it in and read it through' }).click()
  await expect(page.getByText(/^Handing in: 0 bytes of/)).toBeVisible()
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(page.getByText(/^Stopped\. Nothing was written/)).toBeVisible()
  held?.()
  await page.getByRole('button', { name: 'Leave it' }).click()
  await page.getByRole('row', { name: /readers\.csv/ }).getByRole('link').click()
  await expect(page.getByText('The file is not complete yet.')).toBeVisible()
  await page.locator('input[type=file]').setInputFiles(list(['ana@example.com;subscribed;2026-05-03;DE;Fair']))
  await fitsEverybody(page, 'an import that waits for its file', { widths: [390] })
  await page.getByRole('button', { name: 'Hand it in and read it through' }).click()
  await expect(page.getByText(/1 line: 1 can be written/)).toBeVisible()
})
