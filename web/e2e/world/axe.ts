import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import { expect, type Page } from '@playwright/test'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  nodes: { html: string; target: string[] }[]
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe-core finds on the page as it stands. It comes in by the browser's tools, past the page's own policy. */
async function violations(page: Page): Promise<string[]> {
  const found = await page.evaluate<{ violations: Violation[] }>(`${axe}; axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] })`)
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(' ')} ${n.html.slice(0, 160)}`).join(' | ')}`)
}

interface Look {
  widths?: (1440 | 390)[]
}

const heights = { 1440: 900, 390: 844 }

/** Looks at what is on the page by day and by night, wide and narrow. What moves is given the time to stand still. */
export async function fitsEverybody(page: Page, what: string, { widths = [1440, 390] }: Look = {}) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: heights[width] })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const where = `${what}, ${width} wide, ${colorScheme}`
      await expect.soft(async () => expect(await violations(page), where).toEqual([])).toPass({ timeout: 30_000 })
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect.soft(beyond, `${where}: pixels wider than the window`).toBeLessThanOrEqual(0)
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}
