import { readFileSync } from 'node:fs'

import type { Page } from '@playwright/test'

import { fitsEverybody } from './world/axe'
import { startDNS } from './world/dns'
import { joinTenant, screen } from './world/people'
import { beside } from './world/stack'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'

const message = (name: string) => beside(`../../../preflight/testdata/messages/${name}.eml`)

const finding = (page: Page, title: string) => page.getByRole('region', { name: 'What was found' }).getByRole('listitem', { name: title })

async function choose(page: Page, label: string, option: string) {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

test('a message is checked for the countries it goes to, and each finding says which law and what to do', async ({ visit }) => {
  const { slug } = ownTenant('Bulb Fields')
  const context = await visit()
  await joinTenant(context, slug, 'agent')
  const page = await screen(context, '/mail')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Message check')
  const check = page.getByRole('button', { name: 'Check the message' })
  await expect(check).toBeDisabled()

  await page.locator('input[type=file]').setInputFiles(message('all-wrong'))
  await expect(page.getByText('all-wrong.eml')).toBeVisible()
  await choose(page, 'Countries of the recipients', 'United States')
  await page.keyboard.press('Escape')
  await check.click()
  await expect(page.getByText('It must not go out as it is')).toBeVisible()
  const reply = finding(page, 'The subject poses as an answer')
  await expect(reply).toContainText('15 USC 7704(a)(2)')
  await expect(reply).toContainText('What to do: Leave the prefix out')
  await expect(finding(page, 'A picture reports that the message is opened'), 'no law of the United States').toHaveCount(0)
  await fitsEverybody(page, 'a message with findings')

  await page.getByRole('combobox', { name: 'Countries of the recipients' }).click()
  await page.getByRole('option', { name: 'Germany' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByText('It must not go out as it is'), 'a report is of what was asked').toHaveCount(0)
  await choose(page, 'Have they agreed to tracking?', 'No')
  await check.click()
  await expect(finding(page, 'A picture reports that the message is opened')).toContainText('Directive 2002/58/EC Art 5(3)')

  await page.getByTestId('drop').evaluate((drop, text) => {
    const carried = new DataTransfer()
    carried.items.add(new File([text], 'receipt.eml', { type: 'message/rfc822' }))
    drop.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }))
  }, readFileSync(message('receipt'), 'utf8'))
  await expect(page.getByText('receipt.eml')).toBeVisible()
  await choose(page, 'What it is for', 'Transactional: a receipt, a delivery, a notice about an account')
  await page.getByLabel('A draft that is signed later').check()
  await check.click()
  // Whether DMARC of a foreign domain is asked about depends on whether a name server answers just then: the scenario below has one.
  await expect(page.getByText(/It may go out|Look at it before it goes out/)).toBeVisible()
  await expect(page.getByText(/^0 errors/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add the domain' }), 'domains are the administrator’s').toHaveCount(0)

  await page.locator('input[type=file]').setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('Hello') })
  await check.click()
  await expect(page.getByRole('alert')).toContainText('this is no message')
})

test('a domain is verified by its record, and From is compared with it', async ({ visit }) => {
  const dns = await startDNS()
  try {
    const { slug } = ownTenant('Rose Walk')
    const context = await visit()
    await joinTenant(context, slug, 'admin', true)
    const page = await screen(context, '/mail')
    await page.getByLabel('Another domain').fill('Example.com')
    await page.getByRole('button', { name: 'Add the domain' }).click()
    const domain = page.getByRole('listitem', { name: 'example.com' })
    await expect(domain).toContainText('Not verified yet')
    await expect(domain).toContainText('_docket.example.com')
    const value = await domain.getByText(/^docket-domain=/).innerText()
    await domain.getByRole('button', { name: 'Verify example.com' }).click()
    await expect(domain.getByText('The record is not in DNS.')).toBeVisible()
    await fitsEverybody(page, 'a domain to be verified')

    dns.publish('_docket.example.com', value)
    await domain.getByRole('button', { name: 'Verify example.com' }).click()
    await expect(domain).toContainText('Verified')
    await expect(domain).toContainText('seen')

    await page.locator('input[type=file]').setInputFiles(message('all-wrong'))
    await page.getByRole('button', { name: 'Check the message' }).click()
    await expect(finding(page, 'From is of a domain that is not verified')).toContainText('sender.example is not among the verified domains')

    await domain.getByRole('button', { name: 'Remove example.com' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the domain' }).click()
    await expect(page.getByText('No domain yet')).toBeVisible()
  } finally {
    await dns.end()
  }
})
