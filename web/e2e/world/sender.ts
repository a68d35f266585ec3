import type { Page } from '@playwright/test'

import { call, someone } from './api'
import { stack } from './stack'
import { ownTenant } from './tenants'
import { expect } from './test'

interface Links {
  unsubscribe: string
  preferences: string
}

interface Person {
  preferences: { frequency: string; paused_until?: string }[]
  events: { purpose: string; kind: string; how: string }[]
}

export const words: Record<string, [string, string]> = {
  news: ['News from the harbour', 'I want to get the newsletter with new goods and dates. I can end it at any time.'],
  offers: ['Offers for members', 'I want to get offers that are for members. I can end it at any time.'],
  seen: ['What is read', 'It may be seen whether I open messages, and which links I follow.'],
}

/** A company that writes newsletters, with somebody who gets them. */
export class Sender {
  readonly email = someone('reader')
  private readonly tenant = ownTenant('Harbour Goods')

  private async ask<T>(method: string, path: string, body: unknown): Promise<T> {
    return call<T>(method, path, body, this.tenant.key)
  }

  async open(): Promise<this> {
    for (const [purpose, [title, body]] of Object.entries(words)) {
      await this.ask('PUT', `/v1/consent/purposes/${purpose}`, { tracking: purpose === 'seen' })
      await this.ask('POST', `/v1/consent/purposes/${purpose}/texts`, { language: 'en', title, body })
      await this.ask('POST', `/v1/consent/purposes/${purpose}/texts`, { language: 'de', title: `${title} (deutsch)`, body })
    }
    const events = ['news', 'offers'].map((purpose) => ({ address: this.email, purpose, kind: 'confirmed' }))
    await this.ask('POST', '/v1/consent/events', { events })
    return this
  }

  async links(purpose = 'news'): Promise<Links> {
    const { links } = await this.ask<{ links: Links[] }>('POST', '/v1/consent/links', { addresses: [this.email], purpose, list: 'spring' })
    return links[0] as Links
  }

  async may(purpose: string, address = this.email): Promise<string> {
    const { reason } = await this.ask<{ reason: string }>('POST', '/v1/consent/check', { address, purpose })
    return reason
  }

  /** Opens forms that ask for purposes, and gives the address of the form. */
  async forms(...purposes: string[]): Promise<string> {
    const { slug, ...tenant } = await this.ask<{ id: string; slug: string; settings: Record<string, unknown> }>('GET', '/v1/tenant', undefined)
    Reflect.deleteProperty(tenant, 'id')
    await this.ask('PUT', '/v1/tenant', { ...tenant, settings: { ...tenant.settings, consents: { sign_ups: { purposes } } } })
    return `${stack.url}/${slug}/sign-up`
  }

  /** A form for a page of their own. */
  async snippet(purpose: string): Promise<string> {
    return (await this.ask<{ html: string }>('GET', `/v1/consent/sign-up-form?purpose=${purpose}&language=en`, undefined)).html
  }

  person = () => this.ask<Person>('POST', '/v1/consent/person', { address: this.email })
}

/** Opens every link that is on a page, and on the pages behind it, as programs do that look at mail. */
export async function scan(page: Page, from: string[]) {
  const seen = new Set<string>()
  for (const waiting = [...from]; waiting.length > 0; ) {
    const address = waiting.pop() as string
    if (seen.has(address)) continue
    seen.add(address)
    const answer = await page.goto(address)
    expect(answer?.status(), address).toBe(200)
    await page.request.head(address)
    const found = await page.locator('a[href], form[action]').evaluateAll((all) => all.map((e) => (e as HTMLAnchorElement).href || (e as HTMLFormElement).action))
    waiting.push(...found.filter((a) => a.startsWith(stack.url)))
  }
  return seen.size
}
