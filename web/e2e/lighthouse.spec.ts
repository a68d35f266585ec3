import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as beside } from 'node:path'

import { chromium, expect, test, type BrowserContext } from '@playwright/test'
import lighthouse, { desktopConfig } from 'lighthouse'

import { chromium as browser } from './playwright.config'
import { file } from './world/api'
import { joinCompany } from './world/people'
import { company, stack } from './world/stack'

const least = 95

/** Opens a browser whose tabs share their cookies, as Lighthouse needs it, and tells its port. */
async function inBrowser(measure: (context: BrowserContext, port: number) => Promise<void>) {
  const folder = mkdtempSync(beside(tmpdir(), 'docket-lighthouse-'))
  const context = await chromium.launchPersistentContext(folder, { executablePath: browser.executablePath, args: [...browser.args, '--remote-debugging-port=0'] })
  try {
    const port = Number(readFileSync(beside(folder, 'DevToolsActivePort'), 'utf8').split('\n')[0])
    await measure(context, port)
  } finally {
    await context.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function reaches(url: string, port: number, config?: typeof desktopConfig) {
  const result = await lighthouse(url, { port, output: 'json', logLevel: 'error', onlyCategories: ['performance', 'accessibility'], disableStorageReset: true }, config)
  expect(result?.lhr.runtimeError).toBeUndefined()
  expect(result?.lhr.finalDisplayedUrl).toBe(url)
  for (const category of ['performance', 'accessibility'] as const) {
    const score = Math.round((result?.lhr.categories[category]?.score ?? 0) * 100)
    const lost = Object.values(result?.lhr.audits ?? {}).filter((a) => a.score !== null && a.score < 0.9).map((a) => `${a.id} ${a.displayValue ?? ''}`)
    console.log(`${url}: ${category} ${score}`)
    expect(score, `${category}; below the mark: ${lost.join(', ')}`).toBeGreaterThanOrEqual(least)
  }
}

test('the public form on a telephone', async () => {
  await inBrowser(async (_, port) => reaches(`${stack.url}/${company}/request?lang=en&place=DE`, port))
})

test('the home page of the console on a desk', async () => {
  await inBrowser(async (context, port) => {
    await Promise.all([joinCompany(context, 'agent'), file()])
    await reaches(`${stack.url}/console/`, port, desktopConfig)
  })
})
