import type { Page, Response } from '@playwright/test'

import { file } from './world/api'
import { mailed, statusLink } from './world/mail'
import { joinCompany } from './world/people'
import { company } from './world/stack'
import { severalLaws } from './world/tenants'
import { expect, test } from './world/test'

const limit = 50 * 1024

/** Opens a page and gives all that was loaded for it. */
async function opened(page: Page, address: string): Promise<Response[]> {
  const answers: Response[] = []
  const note = (answer: Response) => answers.push(answer)
  page.on('response', note)
  await page.goto(address, { waitUntil: 'load' })
  page.off('response', note)
  return answers
}

test('the public pages are small, load nothing but their style, and may do nothing', async ({ visit }) => {
  const context = await visit()
  const filed = await file()
  const status = await mailed(filed.email, statusLink)
  const page = await context.newPage()
  for (const language of ['en', 'de', 'fr', 'es']) {
    for (const address of [
      `/${company}/request?lang=${language}&place=DE`, `/${company}/request?for=other&place=DE&lang=${language}`, `/${severalLaws}/request?lang=${language}`,
      `${status}?lang=${language}`, `${status}/withdraw?lang=${language}`, `${status}/messages?lang=${language}`,
    ]) {
      const answers = await opened(page, address)
      const bodies = await Promise.all(answers.map((a) => a.body()))
      expect(bodies.reduce((sum, b) => sum + b.length, 0), `${address} weighs`).toBeLessThan(limit)
      expect(new Set(answers.map((a) => a.request().resourceType())), address).toEqual(new Set(['document', 'stylesheet']))
      const headers = answers[0]?.headers() ?? {}
      expect(headers['content-security-policy']).toBe("default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
      expect(headers['referrer-policy']).toBe('same-origin')
      expect(headers['set-cookie'], 'no cookie').toBeUndefined()
      await expect(page.locator('html')).toHaveAttribute('lang', language)
    }
  }
  expect(await page.locator('script').count()).toBe(0)
})

test('the console keeps to its policy', async ({ visit }) => {
  const context = await visit()
  await joinCompany(context, 'agent')
  const page = await context.newPage()
  const nonces = new Set<string>()
  for (const path of ['/', '/requests', '/sign-in', '/no/such/screen']) {
    const answer = await page.goto(`/console${path}`)
    const policy = answer?.headers()['content-security-policy'] ?? ''
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
    expect(nonce.length).toBeGreaterThanOrEqual(16)
    nonces.add(nonce)
    expect(policy.replace(nonce, '…')).toBe("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-…'; img-src 'self' data: blob:; connect-src 'self'; " +
      "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
  expect(nonces.size, 'a nonce is good for one page').toBe(4)
})
