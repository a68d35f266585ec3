import { expect } from '@playwright/test'

import { stack } from './stack'

interface Mail {
  id: string
  received: string
  subject: string
  text: string
}

async function mails(to: string, since: number): Promise<Mail[]> {
  const answer = await fetch(`${stack.mail}/api/messages?to=${encodeURIComponent(to)}`)
  return ((await answer.json()) as Mail[]).filter((m) => Date.parse(m.received) >= since)
}

/** The newest mail to an address whose subject or text has the pattern; what the pattern caught first. */
export async function mailed(to: string, pattern: RegExp, since = 0): Promise<string> {
  let caught = ''
  await expect.poll(async () => {
    const newestFirst = (await mails(to, since)).sort((a, b) => b.id.localeCompare(a.id))
    caught = newestFirst.map((m) => pattern.exec(`${m.subject}\n${m.text}`)?.[1] ?? '').find((found) => found !== '') ?? ''
    return caught
  }, { message: `a mail to ${to} with ${String(pattern)}`, timeout: 30_000 }).not.toBe('')
  return caught
}

/** How many mails an address has that fit. */
export async function countMails(to: string, pattern: RegExp, since = 0): Promise<number> {
  return (await mails(to, since)).filter((m) => pattern.test(`${m.subject}\n${m.text}`)).length
}

export const invitationLink = /(http\S+\/console\/invitation#[\w-]+)/
export const resetLink = /(http\S+\/console\/reset#[\w-]+)/
export const statusLink = /(http\S+\/status\/[\w-]+)/
export const downloadLink = /(http\S+\/download\/[\w-]+)/
export const code = /^(\d{6})\r?$/m
