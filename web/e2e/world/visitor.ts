import { expect, type BrowserContext, type Page } from '@playwright/test'

import { code, countMails, downloadLink, mailed, statusLink } from './mail'

/** A person on the public pages, with their mailbox beside them. */
export class Visitor {
  /** Mail from before since belongs to an earlier request of the same person. */
  constructor(private readonly context: BrowserContext, private readonly email: string, private readonly since = 0) {}

  /** Opens the status page by the link of the mail. */
  async status(): Promise<Page> {
    const page = await this.context.newPage()
    await page.goto(inEnglish(await mailed(this.email, statusLink, this.since)))
    return page
  }

  /** Enters the code of the mail. */
  async prove(): Promise<Page> {
    const page = await this.status()
    await page.getByLabel('The code from our e-mail').fill(await mailed(this.email, code, this.since))
    await page.getByRole('button', { name: 'Check the code' }).click()
    await expect(page.getByRole('status')).toHaveText('Thank you. We know now that it is you.')
    return page
  }

  /** Has a new code sent by a button, and gives it when it has come. */
  async codeBy(send: () => Promise<void>): Promise<string> {
    const before = await countMails(this.email, code, this.since)
    await send()
    await expect.poll(() => countMails(this.email, code, this.since), { message: 'a new code', timeout: 30_000 }).toBeGreaterThan(before)
    return mailed(this.email, code, this.since)
  }

  /** Opens the conversation with a code of its own. */
  async messages(): Promise<Page> {
    const page = await this.room('messages', 'Open the messages')
    await expect(page.getByLabel('Write to us')).toBeVisible()
    return page
  }

  /** Opens what stands behind a code on the status page. */
  async room(name: string, open: string): Promise<Page> {
    const page = await this.status()
    await page.goto(`${page.url().split('?')[0] ?? ''}/${name}?lang=en`)
    const fresh = await this.codeBy(() => page.getByRole('button', { name: 'Send me the code' }).click())
    await page.getByLabel('The code from our e-mail').fill(fresh)
    await page.getByRole('button', { name: open }).click()
    return page
  }

  /** Fetches the package by the link of the mail and a code; gives the file. */
  async download(): Promise<string> {
    const page = await this.context.newPage()
    await page.goto(inEnglish(await mailed(this.email, downloadLink, this.since)))
    const fresh = await this.codeBy(() => page.getByRole('button', { name: 'Send me the code' }).click())
    await page.getByLabel('The code from our e-mail').fill(fresh)
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the file' }).click()])
    expect(await file.failure()).toBeNull()
    return file.path()
  }
}

export const inEnglish = (link: string) => `${link}?lang=en`
