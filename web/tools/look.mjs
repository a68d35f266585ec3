// Walks through every screen of a running server as a person would look at it: wide and narrow, light and dark. Takes a
// picture of each, and fails on what axe-core finds, on errors in the browser's console and on screens wider than the window.
//
//   npm run look -- http://127.0.0.1:8080 dk_… /tmp/pictures
//
// The key stands in for a session: it is added to each call here, outside the page.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import { chromium } from 'playwright-core'

const [base, key, folder = 'pictures'] = process.argv.slice(2)
if (!base || !key) {
  console.error('usage: npm run look -- SERVER API-KEY [FOLDER]')
  process.exit(2)
}
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const ask = async (path) => {
  const answer = await fetch(base + path, { headers: { authorization: `Bearer ${key}` } })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

const caller = await ask('/v1/caller')
const tenant = await ask('/v1/tenant')
const session = {
  account: { id: 'looker', name: 'Dana Lindqvist', email: 'dana.dpo@example.com' },
  tenant: { slug: tenant.slug, name: tenant.name, zone: tenant.zone, language: tenant.language },
  role: caller.role, staff_id: null, operations: caller.operations, memberships: [{ tenant: tenant.slug, name: tenant.name, role: caller.role }],
  second_factor: { totp: true, passkeys: 0, recovery_codes_left: 8, required: false }, stage: 'done',
}

const first = async (path) => (await ask(path)).items[0]
const request = (await first('/v1/requests?state=reviewing&limit=1')) ?? (await first('/v1/requests?limit=1'))
const system = await first('/v1/systems')
const button = (name) => (page) => page.getByRole('button', { name }).first().click()
const tab = (name) => (page) => page.getByRole('tab', { name }).first().click()
const press = (what) => (page) => page.keyboard.press(what)

const screens = [
  ['docket', '/'], ['requests', '/requests'], ['requests-none', '/requests?state=delivering&right=limit_use'], ['new-request', '/requests', press('n')],
  ['search', '/', press('/')], ['keys-help', '/', press('?')], ['tasks', '/tasks'], ['reports', '/reports'], ['ccpa', '/reports?report=ccpa'], ['systems', '/systems'], ['rules', '/rules'], ['rule', '/rules/gdpr'],
  ['calendars', '/rules/calendars'], ['ladders', '/rules/ladders'], ['letters', '/rules/letters'], ['webhooks', '/settings/webhooks'], ['requests-due', '/requests?order=due&open=yes'],
  ['audit', '/audit'], ['settings', '/settings'], ['people', '/settings/people'], ['api-keys', '/settings/keys'], ['nowhere', '/no/such/screen'],
  ...(request ? [
    ['request', `/requests/${request.id}`], ['commands', `/requests/${request.id}`, button('More')], ['timeline', `/requests/${request.id}`, tab('Timeline')],
    ['letters-of', `/requests/${request.id}`, tab('Letters')], ['conversation', `/requests/${request.id}`, tab('Conversation')], ['notes', `/requests/${request.id}`, tab('Notes')], ['documents', `/requests/${request.id}`, tab('Documents')],
  ] : []),
  ...(system ? [['system', `/systems/${system.id}`], ['declaration', `/systems/${system.id}`, tab('Declaration')], ['preview', `/systems/${system.id}`, tab('Preview')]] : []),
]

const faults = []
// The page is run with its own policy; axe-core alone is let in by the browser's tools.
async function look(page, name, path, act) {
  await page.goto(`${base}/console${path}`)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(200) // the keys work once the screen stands
  if (act) await act(page)
  await page.waitForTimeout(600) // what opens has opened: this takes pictures, it does not test
  await page.screenshot({ path: `${folder}/${name}.png` })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (wide > 0) faults.push(`${name}: ${wide} pixels wider than the window`)
  const { violations } = await page.evaluate(`${axe}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`)
  for (const v of violations) faults.push(`${name}: ${v.id} (${v.impact}): ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`)
}

mkdirSync(folder, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
for (const width of [1440, 390]) {
  for (const scheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: { width, height: width > 900 ? 900 : 844 }, colorScheme: scheme })
    await context.route('**/v1/**', (route) => {
      if (new URL(route.request().url()).pathname === '/v1/session') return route.fulfill({ json: session })
      return route.continue({ headers: { ...route.request().headers(), authorization: `Bearer ${key}` } })
    })
    const page = await context.newPage()
    let at = ''
    page.on('pageerror', (error) => faults.push(`${at}: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`${at}: ${message.text()}`)
    })
    for (const [name, path, act] of screens) {
      at = `${name}-${width}-${scheme}`
      await look(page, at, path, act)
    }
    await context.close()
  }
}
const page = await browser.newPage({ viewport: { width: 390, height: 844 } })
await look(page, 'sign-in-390-light', '/sign-in')
await browser.close()

console.log(`${screens.length * 4 + 1} pictures in ${folder}`)
for (const fault of faults) console.error(fault)
process.exit(faults.length > 0 ? 1 : 0)
