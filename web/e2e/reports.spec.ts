import { readFileSync, writeFileSync } from 'node:fs'

import type { Download, Page } from '@playwright/test'

import { call, command, file, reviewed, someone, stands } from './world/api'
import { joinLongAgo, joinTenant, screen } from './world/people'
import { docket } from './world/stack'
import { prove, wrong } from './world/stepup'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'
import { totp } from './world/totp'

/** Saves by a button; gives the file. */
async function saved(page: Page, press: () => Promise<void>): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  expect(await download.failure()).toBeNull()
  return download
}

/** The rows of a CSV whose values have no quotes, by the names of the columns. */
async function rowsOf(download: Download): Promise<Record<string, string>[]> {
  const [head = '', ...lines] = readFileSync(await download.path(), 'utf8').trim().split('\r\n')
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [head.split(',')[i] ?? '', value])))
}

const exportCsv = (page: Page) => saved(page, () => page.getByRole('button', { name: 'Export as CSV' }).click())

test('each figure of a report leads to as many requests as it says, and the table says the same', async ({ visit }) => {
  const { slug, key } = ownTenant('Corn Exchange')
  const context = await visit()
  const long = new Date(Date.now() - 70 * 24 * 3600 * 1000).toISOString()
  const [, , cancelled, refused, late] = await Promise.all([
    joinTenant(context, slug, 'dpo'), Promise.all([file({}, someone('a'), key), file({ right: 'portability' }, someone('b'), key)]), file({}, someone('c'), key),
    reviewed({}, key), reviewed({ received_at: long, backdate_reason: 'The letter lay in the post room.' }, key),
  ])
  const no = { reason: 'manifestly_unfounded', explanation: 'It is the tenth of this week.' }
  await Promise.all([command(cancelled.id, 'cancel', { note: 'Filed twice.' }, key), command(refused.id, 'refuse', no, key), command(late.id, 'refuse', no, key)])
  await Promise.all([cancelled, refused, late].map((r) => stands(r.id, 'closed', key)))

  const page = await screen(context, '/reports')
  await page.getByLabel('Received from').fill(long.slice(0, 10))
  const figures = page.getByRole('region', { name: 'Figures' })
  const links = figures.getByRole('link')
  await expect(links.first()).toBeVisible()
  const names = await links.evaluateAll((all) => all.map((a) => a.getAttribute('aria-label') ?? ''))
  expect(sum(names, 'Received')).toBe(5)
  expect(sum(names, 'Closed')).toBe(3)
  expect(sum(names, 'Late')).toBe(1)
  for (const [i, name] of names.entries()) {
    await links.nth(i).click()
    await expect(page.getByRole('heading', { name: 'Requests', level: 1 })).toBeVisible()
    await expect(page.getByRole('row').filter({ has: page.getByRole('link') }), name).toHaveCount(Number(name.split(': ')[1]))
    await page.goBack()
    await expect(links.nth(i)).toHaveAccessibleName(name)
  }
  await expect(page.getByText(/of what was answered was on time/)).toContainText('50 % of what was answered was on time: 1 of 2, 1 late.')

  const table = await rowsOf(await exportCsv(page))
  expect(table.map((r) => `${r.right ?? ''} ${r.received ?? ''}`).sort()).toEqual(['access 1', 'access 3', 'portability 1'])
  for (const column of ['received', 'closed', 'late', 'open', 'overdue', 'on_time'] as const) {
    const label = { received: 'Received', closed: 'Closed', late: 'Late', open: 'Open', overdue: 'Overdue', on_time: 'On time' }[column]
    expect(table.reduce((n, r) => n + Number(r[column]), 0), column).toBe(sum(names, label))
  }
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Requests' }).click()
  const list = await rowsOf(await exportCsv(page))
  expect(list).toHaveLength(5)
  expect(list.map((r) => r.reference)).toContain(late.reference)
  expect(JSON.stringify(list), 'it names nobody').not.toMatch(/Nora|@example/)
})

const sum = (names: string[], what: string) => names.filter((n) => n.startsWith(`${what}: `)).reduce((n, name) => n + Number(name.split(': ')[1]), 0)

test('an administrator takes the audit log out with a second step, and it is whole for whoever checks it', async ({ visit }) => {
  const { slug, key } = ownTenant('Old Customs')
  const desk = await visit()
  const [admin] = await Promise.all([joinLongAgo(desk, slug, 'admin'), reviewed({}, key)])
  const page = await screen(desk, '/audit')
  const right = totp(admin.secret ?? '', 1)
  await page.getByRole('button', { name: 'Export' }).click()
  const question = page.getByRole('dialog', { name: 'Prove that it is you' })
  await prove(page, wrong(right))
  await expect(question.getByRole('alert'), 'nothing leaves without the right code').toBeVisible()
  const log = await saved(page, () => prove(page, right))
  await expect(question).toBeHidden()

  expect(log.suggestedFilename()).toBe(`audit-${slug}.zip`)
  const path = await log.path()
  const verify = (verifier: string) => docket(['audit', 'verify', path, '--key', verifier])
  const verifierOf = async (of?: string) => (await call<{ verifier_key: string }>('GET', '/v1/audit/checkpoint', undefined, of)).verifier_key
  const [own, others] = await Promise.all([verifierOf(key), verifierOf()])
  expect(verify(own)).toMatch(/verified[^]*events +\d\d/)
  expect(() => verify(others), 'it is signed by nobody else').toThrow()
  const bytes = readFileSync(path)
  bytes.writeUInt8(bytes.readUInt8(500) ^ 1, 500) // among the events, which are the first file
  writeFileSync(path, bytes)
  expect(() => verify(own), 'a bit that was turned is seen').toThrow()
})

test('an auditor finds in the log what they look for, and passes the search on', async ({ visit }) => {
  const { slug, key } = ownTenant('Search House')
  const context = await visit()
  const [, one, two] = await Promise.all([joinTenant(context, slug, 'auditor'), file({}, someone('a'), key), file({}, someone('b'), key)])
  await Promise.all([one, two].map((r) => stands(r.id, 'verifying', key)))
  await command(one.id, 'cancel', { note: 'Filed twice.' }, key)
  await stands(one.id, 'closed', key)

  const page = await screen(context, '/audit')
  const lines = page.getByRole('row').filter({ has: page.getByRole('cell') })
  await page.getByPlaceholder('Its reference').fill(one.reference.toLowerCase())
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name: two.reference })).toHaveCount(0)
  await expect(page.getByRole('link', { name: one.reference }).first()).toBeVisible()
  await page.getByRole('combobox', { name: 'What' }).click()
  await page.getByRole('option', { name: 'The request was cancelled' }).click()
  await expect(lines).toHaveCount(1)
  const again = await context.newPage()
  await again.goto(page.url())
  await expect(again.getByRole('row').filter({ has: again.getByRole('cell') })).toHaveCount(1)
  await page.getByRole('combobox', { name: 'How it ended' }).click()
  await page.getByRole('option', { name: 'Refused', exact: true }).click()
  await expect(page.getByText('No line fits')).toBeVisible()
  await page.getByRole('button', { name: 'Clear' }).click()
  await expect(page.getByRole('link', { name: two.reference }).first()).toBeVisible()
})
