import type { Page } from '@playwright/test'

import { file, stands } from './world/api'
import { joinCompany } from './world/people'
import { expect, test } from './world/test'

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '')

/** Goes on with Tab until something has the focus that a person would look for. */
async function tabTo(page: Page, what: RegExp) {
  for (let step = 0; step < 60; step++) {
    const name = await page.evaluate(() => {
      const here = document.activeElement
      return here?.getAttribute('aria-label') ?? (here as HTMLInputElement | null)?.labels?.[0]?.textContent ?? here?.textContent ?? ''
    })
    if (what.test(name)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no Tab leads to ${String(what)}`)
}

test('everything an agent does every day goes by keyboard alone', async ({ visit }) => {
  const [first, second] = await Promise.all([file(), file()])
  const away = await visit()
  const member = await joinCompany(away, 'agent')
  await Promise.all([stands(first.id, 'verifying'), stands(second.id, 'verifying')])

  const page = await (await visit()).newPage()
  await page.goto('/console/')
  await expect(page.getByLabel('E-mail')).toBeFocused()
  await page.keyboard.type(member.email)
  await page.keyboard.press('Tab')
  await page.keyboard.type(member.password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Docket', level: 1 })).toBeVisible()

  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Next row, row before')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeHidden()

  await page.keyboard.press('/')
  await expect(page.getByRole('dialog', { name: 'Search' }).getByRole('textbox')).toBeFocused()
  await page.keyboard.type(first.email)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Search' }).getByText('1 request found')).toBeVisible()
  await tabTo(page, new RegExp(first.reference))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(first.reference)

  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await expect(page.getByRole('heading', { name: 'Requests', level: 1 })).toBeVisible()
  await expect(page.getByRole('row', { name: new RegExp(second.reference) })).toBeVisible()
  await page.keyboard.press('j')
  const top = await focused(page)
  await page.keyboard.press('j')
  expect(await focused(page)).not.toBe(top)
  await page.keyboard.press('k')
  expect(await focused(page)).toBe(top)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(top)

  await page.keyboard.press('/')
  await page.keyboard.type(second.reference)
  await page.keyboard.press('Enter')
  await tabTo(page, new RegExp(second.reference))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(second.reference)
  await tabTo(page, /^Confirm the identity$/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await tabTo(page, /^Note for the file/)
  await page.keyboard.type('Seen at the desk.')
  await tabTo(page, /^Confirm the identity$/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Confirm the identity' })).toBeHidden()
})
