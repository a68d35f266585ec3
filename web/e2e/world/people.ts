import { randomUUID } from 'node:crypto'

import { expect, type BrowserContext, type Page } from '@playwright/test'

import { call, someone } from './api'
import { invitationLink, mailed } from './mail'
import { company, docket, inRegister, stack } from './stack'
import { totp } from './totp'

export interface Member {
  email: string
  password: string
  /** Of the authenticator app, when there is one. */
  secret?: string
}

export const newPassword = () => `Lantern-${randomUUID()}`

/** Has somebody join the sample company in a browser of their own, by the API, as the invitation page does. */
export async function join(context: BrowserContext, role: string, factor = false): Promise<Member> {
  const email = someone(role)
  await call('POST', '/v1/staff', { name: `Robin ${role}`, email, role })
  return accept(context, email, await mailed(email, invitationLink), factor)
}

/** Has somebody join any tenant, invited by somebody at the machine. */
export async function joinTenant(context: BrowserContext, tenant: string, role: string, factor = false): Promise<Member> {
  const email = someone(role)
  const made = docket(['account', 'invite', '--tenant', tenant, '--role', role, '--person-file', '-', '--json'], JSON.stringify({ name: `Robin ${role}`, email }))
  return accept(context, email, (JSON.parse(made) as { link: string }).link, factor)
}

/** As joinTenant, in the company. */
export const joinCompany = (context: BrowserContext, role: string) => joinTenant(context, company, role)

async function accept(context: BrowserContext, email: string, link: string, factor: boolean): Promise<Member> {
  const member: Member = { email, password: newPassword() }
  await own(context, 'PUT', '/v1/invitations', { token: link.split('#')[1], name: `Robin ${email.split('.')[0] ?? ''}`, password: member.password })
  return factor ? { ...member, secret: await addApp(context) } : member
}

/** Adds an authenticator app; gives its secret. */
async function addApp(context: BrowserContext): Promise<string> {
  const { secret } = await own<{ secret: string }>(context, 'POST', '/v1/account/totp')
  await own(context, 'PUT', '/v1/account/totp', { code: totp(secret) })
  return secret
}

/** Calls the API with the cookies of a browser. */
export async function own<T>(context: BrowserContext, method: string, path: string, data?: unknown): Promise<T> {
  const answer = await context.request.fetch(stack.url + path, { method, data, headers: { origin: stack.url } })
  const text = await answer.text()
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** Opens a screen of the console and waits until it stands. */
export async function screen(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`/console${path}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  return page
}

/** Signs in as people do. */
export async function signIn(page: Page, member: Member) {
  await page.goto('/console/sign-in')
  await page.getByLabel('E-mail').fill(member.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(member.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Joins a tenant with an authenticator app that was asked for eleven minutes ago: what is delicate asks for a code again. */
export async function joinLongAgo(context: BrowserContext, tenant: string, role: string): Promise<Member> {
  const member = await joinTenant(context, tenant, role, true)
  const { items } = await own<{ items: { id: string; current: boolean }[] }>(context, 'GET', '/v1/sessions')
  const id = items.find((s) => s.current)?.id ?? ''
  inRegister(`UPDATE sessions SET second_factor_at = second_factor_at - interval '11 minutes' WHERE id = '${id}'`)
  return member
}

export async function signOut(page: Page) {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: /Robin|Mina/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
}
