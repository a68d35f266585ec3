import { expect } from '@playwright/test'

import { stack } from './stack'

interface Mail {
  id: string
  subject: string
  text: string
}

/** The newest mail to an address whose subject or text has the pattern; what the pattern caught first. */
export async function mailed(to: string, pattern: RegExp): Promise<string> {
  let caught = ''
  await expect.poll(async () => {
    const answer = await fetch(`${stack.mail}/api/messages?to=${encodeURIComponent(to)}`)
    const mails = ((await answer.json()) as Mail[]).sort((a, b) => b.id.localeCompare(a.id))
    caught = mails.map((m) => pattern.exec(`${m.subject}\n${m.text}`)?.[1] ?? '').find((found) => found !== '') ?? ''
    return caught
  }, { message: `a mail to ${to} with ${String(pattern)}`, timeout: 30_000 }).not.toBe('')
  return caught
}

/** How many mails an address has that fit. */
export async function countMails(to: string, pattern: RegExp): Promise<number> {
  const answer = await fetch(`${stack.mail}/api/messages?to=${encodeURIComponent(to)}`)
  return ((await answer.json()) as Mail[]).filter((m) => pattern.test(`${m.subject}\n${m.text}`)).length
}

export const invitationLink = /(http\S+\/console\/invitation#[\w-]+)/
export const statusLink = /(http\S+\/status\/[\w-]+)/
export const downloadLink = /(http\S+\/download\/[\w-]+)/
export const code = /^(\d{6})\r?$/m
