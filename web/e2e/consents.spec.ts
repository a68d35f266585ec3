import { readFileSync } from 'node:fs'

import type { Locator, Page } from '@playwright/test'

import { call, someone } from './world/api'
import { fitsEverybody } from './world/axe'
import { joinTenant, screen } from './world/people'
import { inRegister } from './world/stack'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'

test.describe.configure({ timeout: 240_000 })

const words = 'I want to get the newsletter with new apples and dates. I can end it at any time.'

/** A tenant that writes newsletters. */
function sender(name: string) {
  const { slug, key } = ownTenant(name)
  const ask = <T>(method: string, path: string, body?: unknown) => call<T>(method, path, body, key)
  const open = async () => {
    await ask('PUT', '/v1/consent/purposes/news', { similar_goods: true })
    await ask('PUT', '/v1/consent/purposes/offers', {})
    await ask('POST', '/v1/consent/purposes/news/texts', { language: 'en', title: 'News from the orchard', body: words })
  }
  const happened = (...events: Record<string, unknown>[]) => ask('POST', '/v1/consent/events', { events })
  return { slug, ask, open, happened }
}

/** A day so many days ago, as a moment at noon. */
const daysAgo = (n: number) => `${new Date(Date.now() - n * 86_400_000).toISOString().slice(0, 10)}T12:00:00Z`
const dayWords = (at: string) => new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(at))

async function choose(page: Page, label: string, option: string | RegExp, within = page.locator('body')) {
  await within.getByRole('combobox', { name: label, exact: true }).click()
  await page.getByRole('option', { name: option, exact: typeof option === 'string' }).click()
}

async function lookUp(page: Page, address: string) {
  await page.getByLabel('E-mail address', { exact: true }).fill(address)
  await page.getByRole('button', { name: 'Look up' }).click()
}

test('a person is looked up by their exact address: what stands and why, what stood, and what may be sent', async ({ visit }) => {
  const { slug, open, happened } = sender('Orchard Post')
  await open()
  const [reader, bought] = [someone('reader'), daysAgo(300)]
  await happened({ address: reader, purpose: 'news', kind: 'refreshed', relation: 'purchase', refusable: true, at: bought, zone: 'America/Toronto', country: 'CA', source: 'Web shop', evidence: { note: 'Order 1207' } })
  await happened({ address: reader, purpose: 'offers', kind: 'given', at: daysAgo(20), country: 'CA' }, { address: reader, purpose: 'offers', kind: 'withdrawn', at: daysAgo(3) })
  const context = await visit()
  await joinTenant(context, slug, 'agent')
  const page = await screen(context, '/')
  await page.getByRole('heading', { level: 1, name: 'Docket' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Consents')

  await lookUp(page, reader.toUpperCase())
  const news = page.getByRole('listitem', { name: 'News from the orchard, E-mail' })
  await expect(news).toContainText(/May be written to until .* \d{4}\. Consent is implied by what they did \(a purchase on /)
  await expect(news).toContainText(dayWords(bought))
  await expect(news).toContainText('CASL s.10(10)')
  const offers = page.getByRole('listitem', { name: 'offers, E-mail' })
  await expect(offers).toContainText('May not be written to. Withdrew on')
  await expect(offers).toContainText('It would be a yes if they agree, by themselves')
  await expect(page.getByText(/ 0[78]:00:00 America\/Toronto$/), 'by the clock that it was read from').toBeVisible()
  await page.getByText('What else shows it').click()
  await expect(page.getByText('Order 1207')).toBeVisible()
  expect(page.url(), 'nothing personal in an address').not.toContain('reader')
  await expect(page).toHaveTitle('Consents · Docket')
  await fitsEverybody(page, 'a person’s consents')

  const earlier = page.getByRole('form', { name: 'What about an earlier moment?' })
  await earlier.getByLabel('What stood on').fill(daysAgo(10).slice(0, 16))
  await earlier.getByRole('button', { name: 'Show that moment' }).click()
  await expect(page.getByRole('heading', { name: 'What stood' })).toBeVisible()
  await expect(offers, 'nobody had told of it then').toContainText('Could not be written to')
  await expect(offers).toContainText('In the ledger: Agreed on')
  await earlier.getByLabel('As far as known on').fill(daysAgo(5).slice(0, 16))
  await earlier.getByRole('button', { name: 'Show that moment' }).click()
  await expect(offers).toContainText('Nothing stands')
  await fitsEverybody(page, 'what stood', { widths: [390] })
  await earlier.getByRole('button', { name: 'Back to now' }).click()
  await expect(page.getByRole('heading', { name: 'What stands' })).toBeVisible()

  const question = page.getByRole('region', { name: 'May we send this to them?' })
  await choose(page, 'What for', 'offers', question)
  await choose(page, 'Where it is read', 'Germany', question)
  await question.getByRole('button', { name: 'Ask' }).click()
  await expect(question.getByRole('status')).toContainText('No')
  await expect(question.getByRole('status')).toContainText('Law by law, for Germany')
  await expect(question.getByRole('status')).toContainText('they do not want it any more')
  await choose(page, 'What for', 'News from the orchard (news)', question)
  await expect(question.getByText('Law by law'), 'an answer is of what was asked').toHaveCount(0)
  await choose(page, 'Where it is read', 'Canada', question)
  await question.getByRole('button', { name: 'Ask' }).click()
  await expect(question.getByRole('status')).toContainText('Yes')
  await fitsEverybody(page, 'an answer, law by law')
})

/** Goes on with Tab until it is there. */
async function tabTo(page: Page, to: Locator) {
  await expect(to).toBeVisible()
  await expect(async () => {
    if (!(await to.evaluate((e) => e === document.activeElement))) await page.keyboard.press('Tab')
    await expect(to).toBeFocused({ timeout: 100 })
  }).toPass({ intervals: [20] })
}

/** Chooses from the list that has the focus. */
async function pick(page: Page, option: string) {
  await expect(async () => {
    await page.keyboard.press('ArrowDown')
    await expect(page.locator('[data-combobox-selected]')).toHaveText(option, { timeout: 200 })
  }).toPass({ intervals: [20] })
  await page.keyboard.press('Enter')
}

test('what happened on the telephone is recorded by keyboard alone, with a second look', async ({ visit }) => {
  const { slug, open, happened } = sender('Plum Post')
  await open()
  const reader = someone('caller')
  await happened({ address: reader, purpose: 'news', kind: 'given', text: { language: 'en', version: 1 } })
  const context = await visit()
  await joinTenant(context, slug, 'agent')
  const page = await screen(context, '/consents')
  await tabTo(page, page.getByLabel('E-mail address', { exact: true }))
  await page.keyboard.type(reader)
  await page.keyboard.press('Enter')
  const news = page.getByRole('listitem', { name: 'News from the orchard, E-mail' })
  await expect(news).toContainText('Agreed on')
  await tabTo(page, page.getByRole('button', { name: 'Record what happened' }))
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('combobox', { name: 'What happened' })).toBeFocused()
  await pick(page, 'They do not want it any more')
  await tabTo(page, dialog.getByRole('combobox', { name: 'About' }))
  await pick(page, 'News from the orchard (news)')
  await tabTo(page, dialog.getByLabel('Where from'))
  await page.keyboard.type('A call')
  await page.keyboard.press('Escape')
  await tabTo(page, dialog.getByLabel('What else shows it'))
  await page.keyboard.type('Call of this morning.')
  await fitsEverybody(page, 'recording what happened')
  await tabTo(page, dialog.getByRole('button', { name: 'Read it once more' }))
  await page.keyboard.press('Enter')
  const second = page.getByRole('dialog', { name: 'Is this what happened?' })
  await expect(second).toContainText('Withdrew · “News from the orchard”, e-mail')
  await expect(second).toContainText('never changed and never taken out')
  await fitsEverybody(page, 'the second look')
  await expect(news, 'nothing is written yet').not.toContainText('Withdrew')
  await tabTo(page, second.getByRole('button', { name: 'Write it to the ledger' }))
  await page.keyboard.press('Enter')
  await expect(news).toContainText('Withdrew on')
  await expect(page.getByText('Withdrew · “News from the orchard”, e-mail')).toBeVisible()
  await page.getByText('The words that they saw: News from the orchard, en, version 1').click()
  await expect(page.getByText(words)).toBeVisible()

  await page.getByRole('button', { name: 'Save documents for others' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: /^Consent records/ }).click()
  const saved = await download
  expect(saved.suggestedFilename()).toBe('consent-records.jsonld')
  const document = readFileSync(await saved.path(), 'utf8')
  expect(document).toContain('@context')
  expect(document, 'the person is in it by a pseudonym').not.toContain(reader)

  await page.getByRole('button', { name: 'Links of their own' }).click()
  await page.getByRole('button', { name: 'Make the links' }).click()
  await expect(page.getByRole('dialog').getByText(/\/p\/[\w-]+/)).toBeVisible()
  await fitsEverybody(page, 'links of their own')
})

test('an address that nobody knows has an answer too, and who sees no person sees figures', async ({ visit }) => {
  const { slug, open } = sender('Pear Post')
  await open()
  const context = await visit()
  await joinTenant(context, slug, 'agent')
  const page = await screen(context, '/consents')
  await lookUp(page, someone('stranger'))
  await expect(page.getByText('The ledger knows nothing of this address')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Limits and suppressions' })).toContainText('No limit stands against it now')
  const question = page.getByRole('region', { name: 'May we send this to them?' })
  await choose(page, 'What for', 'offers', question)
  await choose(page, 'Where it is read', 'United States', question)
  await question.getByRole('button', { name: 'Ask' }).click()
  await expect(question.getByRole('status')).toContainText('nobody has to agree beforehand')
  await page.getByLabel('E-mail address', { exact: true }).fill('no address')
  await expect(page.getByText('The ledger knows nothing'), 'what is shown is of who was asked about').toHaveCount(0)
  await page.getByRole('button', { name: 'Look up' }).click()
  await expect(page.getByRole('alert')).toBeVisible()

  const auditor = await visit()
  await joinTenant(auditor, slug, 'auditor')
  const theirs = await screen(auditor, '/consents')
  await expect(theirs.getByRole('heading', { name: 'News from the orchard' })).toBeVisible()
  await expect(theirs.getByRole('link', { name: 'Person' })).toHaveCount(0)
  await expect(theirs.getByRole('button', { name: 'Add a purpose' })).toHaveCount(0)
})

test('an officer adds a purpose, its words and the next version of them, and takes it out of use', async ({ visit }) => {
  const { slug } = sender('Cherry Post')
  const context = await visit()
  await joinTenant(context, slug, 'dpo', true)
  const page = await screen(context, '/consents/purposes')
  await expect(page.getByText('There is no purpose yet')).toBeVisible()
  await page.getByRole('button', { name: 'Add a purpose' }).first().click()
  const form = page.getByRole('dialog', { name: 'Add a purpose' })
  await form.getByLabel('Key').fill('News Letter')
  await expect(form.getByText('Small letters without accents')).toBeVisible()
  await form.getByLabel('Key').fill('newsletter')
  await form.getByLabel(/^About your own goods/).check()
  await fitsEverybody(page, 'a new purpose')
  await form.getByRole('button', { name: 'Add the purpose' }).click()

  await page.getByRole('button', { name: 'New words for newsletter' }).click()
  const text = page.getByRole('dialog', { name: 'New words for “newsletter”' })
  await text.getByLabel('Title').fill('Cherry letter')
  await text.getByLabel('Words').fill('Write to me once a month about cherries.')
  await expect(text.getByRole('group', { name: 'What people see' })).toContainText('Write to me once a month about cherries.')
  await text.getByRole('button', { name: 'Add the words' }).click()
  const purpose = page.getByRole('region', { name: 'Cherry letter' })
  await expect(purpose).toContainText('English version 1')

  await purpose.getByRole('button', { name: 'New words for Cherry letter' }).click()
  const next = page.getByRole('dialog')
  await expect(next.getByRole('button', { name: 'Add version 2' }), 'the same words are no version').toBeDisabled()
  await next.getByLabel('Words').fill('Write to me once a week about cherries.')
  await expect(next.locator('del')).toContainText('month')
  await expect(next.locator('ins')).toContainText('week')
  await fitsEverybody(page, 'new words')
  await next.getByRole('button', { name: 'Add version 2' }).click()
  await expect(purpose).toContainText('English version 2')
  await purpose.getByText(/^What version 2 changed/).click()
  await expect(purpose.locator('del')).toContainText('month')
  await fitsEverybody(page, 'purposes and texts')

  await purpose.getByRole('button', { name: 'Change Cherry letter' }).click()
  await choose(page, 'What its messages are', 'A charity’s', page.getByRole('dialog'))
  await page.getByRole('dialog').getByRole('button', { name: 'Change the purpose' }).click()
  await expect(purpose).toContainText('A charity’s')
  await purpose.getByRole('button', { name: 'Use it no more: Cherry letter' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Use it no more' }).click()
  await expect(purpose).toHaveCount(0)
  await page.getByLabel('Also those that are no longer used').check()
  await expect(purpose).toContainText('No longer used')
})

test('what ends is drawn by week with its figures, and each bar leads to its row by keyboard', async ({ visit }) => {
  const { slug, open, happened } = sender('Quince Post')
  await open()
  const inquiry = (purpose: string, days: number) => ({ address: someone('asks'), purpose, kind: 'refreshed', relation: 'inquiry', at: daysAgo(days), country: 'CA' })
  await happened(...[170, 170, 140, 100, 60].map((d) => inquiry('news', d)), ...[140, 30].map((d) => inquiry('offers', d)))
  const context = await visit()
  await joinTenant(context, slug, 'auditor')
  const page = await screen(context, '/consents/ending')
  await expect(page.getByText(/^7 implied consents end, the first in the week from/)).toBeVisible()
  const chart = page.getByRole('region', { name: 'Chart: implied consents that end, by week' })
  const figures = page.getByRole('region', { name: 'Figures' })
  await expect(figures.getByRole('columnheader')).toHaveText(['Week from', 'News from the orchard', 'offers', 'All'])
  const bar = chart.getByRole('button', { name: /2 implied consents end: 2 News from the orchard$/ })
  await bar.focus()
  await page.keyboard.press('Enter')
  await expect(figures.locator('tr[data-chosen]')).toContainText('202')
  await fitsEverybody(page, 'what ends')
  await choose(page, 'How far ahead', 'Two years')
  await expect(chart.getByRole('listitem')).toHaveCount(104)
  await fitsEverybody(page, 'what ends in two years')
  await choose(page, 'How far ahead', 'Three months')
  await expect(chart.getByRole('listitem')).toHaveCount(13)
})

/** Signs people up as the public pages do, some days ago each; some confirm it. */
function signUps(slug: string, lines: [kind: string, days: number][]) {
  for (const [kind, days] of lines) {
    inRegister(`INSERT INTO consent_events (id, tenant_id, person_id, purpose, channel, kind, at, zone, day, recorded_at, no_solicitation, refusable, how, source, text_id, batch, position, hash)
      SELECT gen_random_uuid(), p.tenant_id, p.id, 1, 'email', '${kind}', now() - interval '${days} days', 'UTC', current_date - ${days}, now(), false, false,
        CASE WHEN '${kind}' = 'requested' THEN 'form' ELSE 'confirmation' END, '', t.id, gen_random_uuid(), 0, sha256('x')
      FROM consent_people p JOIN consent_texts t ON t.tenant_id = p.tenant_id JOIN tenants o ON o.id = p.tenant_id
      WHERE o.slug = '${slug}' ${kind === 'confirmed' ? "AND EXISTS (SELECT FROM consents c WHERE c.tenant_id = p.tenant_id AND c.person_id = p.id AND (c.confirmed_at IS NOT NULL OR c.withdrawn_at IS NOT NULL))" : ''}`)
  }
}

test('what became of sign-ups is told by week, purpose and words', async ({ visit }) => {
  const { slug, open, happened } = sender('Medlar Post')
  await open()
  const [stays, leaves, waits] = [someone('stays'), someone('leaves'), someone('waits')]
  await happened(...[stays, leaves].map((address) => ({ address, purpose: 'news', kind: 'confirmed' })), { address: waits, purpose: 'offers', kind: 'given' })
  await happened({ address: leaves, purpose: 'news', kind: 'withdrawn' })
  signUps(slug, [['requested', 9], ['confirmed', 8]])
  const context = await visit()
  await joinTenant(context, slug, 'dpo', true)
  const page = await screen(context, '/consents/sign-ups')
  const steps = page.getByRole('list', { name: 'How far they came' }).getByRole('listitem')
  await expect(steps).toHaveText([/^3signed up/, /^2confirmed it67 %/, /^1still stand33 %/])
  await page.getByRole('button', { name: /3 sign-ups: 1 still standing, 1 confirmed, ended since, 1 not confirmed$/ }).click()
  await expect(page.getByRole('row', { name: /^News from the orchard, en version 1 3 2 67 % 1 33 %/ })).toHaveCount(2)
  await fitsEverybody(page, 'sign-ups')
  await choose(page, 'Purpose', 'offers')
  await expect(page.getByText('Nobody signed up in this time')).toBeVisible()
  await expect(page).toHaveURL(/purpose=offers/)
})
