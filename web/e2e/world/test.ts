import { randomBytes } from 'node:crypto'

import { expect, test as base, type BrowserContext, type BrowserContextOptions } from '@playwright/test'

import { stack } from './stack'

interface Doors {
  /** Opens a browser of somebody's own: no cookies, nothing kept. All that it loads and says is watched; it may ask no other host but the one that is named. */
  visit: (options?: BrowserContextOptions, other?: string) => Promise<BrowserContext>
}

export const test = base.extend<Doors>({
  visit: async ({ browser, contextOptions }, use, info) => {
    const faults: string[] = []
    const opened: BrowserContext[] = []
    await use(async (options, other) => {
      const { use: set } = info.project
      const context = await browser.newContext({
        baseURL: stack.url, locale: set.locale, timezoneId: set.timezoneId, viewport: set.viewport, acceptDownloads: true, ...contextOptions, ...options,
        extraHTTPHeaders: { 'X-Forwarded-For': home(), ...options?.extraHTTPHeaders },
      })
      watch(context, faults, other)
      opened.push(context)
      return context
    })
    for (const context of opened) await context.close()
    expect(faults, 'nothing is loaded from elsewhere, and no page complains').toEqual([])
  },
})

/** An address of a visitor's own, from the networks for documentation (RFC 3849): the stack believes its proxies, and takes so many forms of one address. */
function home(): string {
  return `2001:db8:${randomBytes(4).toString('hex').replace(/^.{4}/, '$&:')}::1`
}

/** Notes what a page must never do: ask another host, break its own policy, throw. */
function watch(context: BrowserContext, faults: string[], other?: string) {
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.origin !== stack.url && url.origin !== other) faults.push(`asked ${url.origin}`)
  })
  context.on('weberror', (error) => faults.push(error.error().message))
  context.on('console', (message) => {
    if (message.type() !== 'error') return
    // The browser notes each page and each call that was refused, whatever comes of it. Parts of a page are never refused.
    const { url } = message.location()
    if (/^Failed to load resource.* 4\d\d /.test(message.text()) && !/\.(js|css|svg|png|ico|json)$/.test(new URL(url).pathname)) return
    faults.push(`${message.text()} (${url})`)
  })
}

export { expect } from '@playwright/test'
