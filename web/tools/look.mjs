// Walks through every screen of a running server as a person would look at it: wide and narrow, light and dark. Takes a
// picture of each, and fails on what axe-core finds, on errors in the browser's console and on screens wider than the window.
//
//   npm run look -- http://127.0.0.1:8080 dk_… /tmp/pictures
//   npm run look -- http://127.0.0.1:8080 dk_… /tmp/pictures '^request|390-dark'      those whose names fit
//
// The key stands in for a session: it is added to each call here, outside the page.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import { chromium } from 'playwright-core'

const [base, key, folder = 'pictures', names = ''] = process.argv.slice(2)
if (!base || !key) {
  console.error('usage: npm run look -- SERVER API-KEY [FOLDER [NAMES]]')
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
const erasure = (await first('/v1/requests?right=erasure&state=reviewing&limit=1')) ?? (await first('/v1/requests?right=erasure&limit=1'))
const limited = await first('/v1/requests?right=restriction&limit=1')
const corrected = (await first('/v1/requests?right=rectification&state=reviewing&limit=1')) ?? (await first('/v1/requests?right=rectification&limit=1'))
const contested = (await first('/v1/requests?right=automated_decision&state=reviewing&limit=1')) ?? (await first('/v1/requests?right=automated_decision&limit=1'))
const system = await first('/v1/systems')
const webhook = await first('/v1/webhooks')
const button = (name) => (page) => page.getByRole('button', { name }).first().click()
const tab = (name) => (page) => page.getByRole('tab', { name }).first().click()
const press = (what) => (page) => page.keyboard.press(what)
const item = (name) => (page) => page.getByRole('menuitem', { name }).click()
const box = (n) => (page) => page.locator('[data-cell=choose] input').nth(n).click()
const ticked = (name) => (page) => page.getByRole('checkbox', { name, exact: true }).check()
const words = (text) => (page) => page.getByText(text, { exact: true }).click()
const filled = (label, text) => (page) => page.getByLabel(label).fill(text)
const clickOn = (selector) => (page) => page.locator(selector).first().click()
const then = (...acts) => async (page) => {
  for (const act of acts) {
    await act(page)
    await page.waitForTimeout(300)
  }
}

const screens = [
  ['docket', '/'], ['requests', '/requests'], ['requests-none', '/requests?state=delivering&right=limit_use'], ['requests-due', '/requests?order=due&open=yes'],
  ['more-filters', '/requests', button('More filters')], ['new-request', '/requests', press('n')], ['several-rights', '/requests', then(press('n'), ticked('Restriction'), ticked('Objection'))], ['search', '/', press('/')], ['keys-help', '/', press('?')],
  ['tasks', '/tasks'], ['task', '/tasks', clickOn('tbody button')], ['reports', '/reports'], ['reports-tables', '/reports', async (page) => { for (const s of await page.getByText('As a table').all()) await s.click() }], ['ccpa', '/reports?report=ccpa'],
  ['systems', '/systems'], ['stop-all', '/systems', button('Stop all systems')], ['new-system', '/systems', button('Add a system')], ['new-store', '/systems', then(button('Add a system'), words('Object store'))],
  ['new-documents', '/systems', then(button('Add a system'), filled('Address', 'mongodb://reader:secret@shop.internal:27017/shop'))],
  ['rules', '/rules'], ['rule', '/rules/gdpr'], ['what-if', '/rules/gdpr', (page) => page.getByLabel('Extended').check()], ['calendars', '/rules/calendars'], ['ladders', '/rules/ladders'], ['letters', '/rules/letters'],
  ['holds', '/holds'], ['place-hold', '/holds', button('Place a hold')],
  ['mail', '/mail'], ['limits', '/limits'], ['use-check', '/limits', button('May we use this?')],
  ['consents', '/consents'], ['consent-purposes', '/consents/purposes'], ['new-purpose', '/consents/purposes', button('Add a purpose')], ['consents-ending', '/consents/ending'], ['sign-ups', '/consents/sign-ups'], ['consent-imports', '/consents/imports'], ['new-import', '/consents/imports', button('Import a list')],
  ['receivers', '/consents/receivers'], ['new-receiver', '/consents/receivers', button('Add a system')],
  ['audit', '/audit'], ['settings', '/settings'], ['retention', '/settings/retention'], ['people', '/settings/people'], ['invite', '/settings/people', button('Invite somebody')],
  ['api-keys', '/settings/keys'], ['new-key', '/settings/keys', button('Make a key')], ['webhooks', '/settings/webhooks'], ['new-webhook', '/settings/webhooks', button('Add a webhook')],
  ['sign-on', '/settings/sign-on'], ['installation', '/settings/installation'], ['nowhere', '/no/such/screen'], ['no-request', '/requests/11111111-1111-4111-8111-111111111111'],
  ...(request ? [
    ['chosen', '/requests', then(box(0), box(1))], ['bulk', '/requests', then(box(0), button('Extend the deadline'))],
    ['request', `/requests/${request.id}`], ['commands', `/requests/${request.id}`, button('More')], ['timeline', `/requests/${request.id}`, tab('Timeline')], ['package', `/requests/${request.id}`, tab('Package')],
    ['letters-of', `/requests/${request.id}`, tab('Letters')], ['conversation', `/requests/${request.id}`, tab('Conversation')], ['notes', `/requests/${request.id}`, tab('Notes')], ['documents', `/requests/${request.id}`, tab('Documents')],
  ] : []),
  ...(request?.state === 'reviewing' ? [
    ['extend', `/requests/${request.id}`, then(button('More'), item('Extend the deadline'))],
    ['leave-out', `/requests/${request.id}`, then(tab('Review'), button('Leave something out'))], ['left-out', `/requests/${request.id}`, then(tab('Review'), button('Show what is left out'))],
  ] : []),
  ...(erasure ? [['erasure', `/requests/${erasure.id}`], ['plan', `/requests/${erasure.id}/plan`], ['plan-fields', `/requests/${erasure.id}/plan`, button('Show every field')]] : []),
  ...(limited ? [['limited', `/requests/${limited.id}`]] : []),
  ...(corrected ? [['corrections', `/requests/${corrected.id}`, button('Show what is wrong')]] : []),
  ...(corrected?.state === 'reviewing' ? [['propose', `/requests/${corrected.id}`, then(button('Show what is wrong'), button(/^Correct /))]] : []),
  ...(contested ? [['decision', `/requests/${contested.id}`, button('Show the decision')]] : []),
  ...(contested?.state === 'reviewing' ? [['human-review', `/requests/${contested.id}`, then(button('Show the decision'), button('Record your review'))]] : []),
  ...(system ? [['system', `/systems/${system.id}`], ['declaration', `/systems/${system.id}`, tab('Declaration')], ['way-in', `/systems/${system.id}`, button(/^(Set|Change) it$/)], ['preview', `/systems/${system.id}`, tab('Preview')], ['stop', `/systems/${system.id}`, button('Emergency stop')]] : []),
  ...(webhook ? [['deliveries', '/settings/webhooks', button('Deliveries')]] : []),
]

/** What the server rightly refuses while these are looked at: the browser reports every answer from 400 on as an error. */
const refused = /^(no-request|sign-on|signed-out|sign-in|reset|invitation)-/

const faults = []
const wanted = new RegExp(names)
let taken = 0

// The page is run with its own policy; axe-core alone is let in by the browser's tools.
async function look(page, name, path, act) {
  if (!wanted.test(name)) return
  await page.goto(`${base}/console${path}`)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(200) // the keys work once the screen stands
  if (act) await act(page)
  await picture(page, name)
}

async function picture(page, name) {
  await page.waitForTimeout(600) // what opens has opened: this takes pictures, it does not test
  await page.screenshot({ path: `${folder}/${name}.png` })
  taken++
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (wide > 0) faults.push(`${name}: ${wide} pixels wider than the window`)
  const { violations } = await page.evaluate(`${axe}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`)
  for (const v of violations) faults.push(`${name}: ${v.id} (${v.impact}): ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`)
}

/** The session ends while somebody works: the screen leads to the sign-in, and says why. */
async function signOutInTheMiddle(context, page, name) {
  await page.goto(`${base}/console/requests`)
  await page.locator('[data-row]').first().waitFor()
  await context.route('**/v1/**', (route) => route.fulfill({ status: 401, json: { status: 401, code: 'signed-out', detail: 'Sign in.' } }))
  await page.locator('[data-row]').first().click()
  await page.waitForURL('**/sign-in**')
  await picture(page, name)
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
      if (message.type() === 'error' && !(refused.test(at) && message.text().includes('Failed to load resource'))) faults.push(`${at}: ${message.text()}`)
    })
    for (const [name, path, act] of screens) {
      at = `${name}-${width}-${scheme}`
      await look(page, at, path, act)
    }
    at = `signed-out-${width}-${scheme}`
    if (wanted.test(at)) await signOutInTheMiddle(context, page, at)
    for (const [name, path] of [['sign-in', '/sign-in'], ['reset', '/reset#none'], ['reset-broken', '/reset'], ['invitation', '/invitation']]) {
      at = `${name}-${width}-${scheme}`
      await look(page, at, path)
    }
    await context.close()
  }
}
await browser.close()

console.log(`${taken} pictures in ${folder}`)
for (const fault of faults) console.error(fault)
process.exit(faults.length > 0 ? 1 : 0)
