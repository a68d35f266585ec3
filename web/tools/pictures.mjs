// Takes the pictures of the guides in docs/guide: starts the demo with a state of its own, signs in as each of its people,
// looks where the guides look, and stops the demo. Names of files are those in the guides; what is found on a screen is found
// by role and label.
//
//   make pictures
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { chromium } from 'playwright-core'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const folder = join(root, 'docs/guide/pictures')
const state = join(root, '.docket/pictures')
const largest = 150_000 // bytes of one picture
const allOfThem = 3_000_000

/** Starts the demo and gives what it says of itself once it has made everything. */
function startDemo() {
  const demo = spawn(join(root, 'bin/docket'), ['demo', '--state', state, '--fresh'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((done) => demo.on('exit', done))
  const said = new Promise((tell, fail) => {
    let text = ''
    demo.stdout.on('data', (part) => {
      text += part
      if (text.includes('Ctrl-C stops everything; the data stays.\n') && text.includes('Sign in as')) tell(text)
    })
    demo.on('exit', (status) => fail(new Error(`the demo ended with ${status}:\n${text}`)))
  })
  return { said, stop: async () => { demo.kill('SIGINT'); await ended } }
}

/** What the pictures need of the demo: its address, its people, its mailbox, its requests. */
async function worldOf(said) {
  const line = (what) => new RegExp(`^ +${what} +(\\S+)$`, 'm').exec(said)?.[1]
  const { admin_key: key } = JSON.parse(readFileSync(join(state, 'product.json'), 'utf8'))
  const base = line('Docket')
  const ask = async (path) => {
    const answer = await fetch(base + path, { headers: { authorization: `Bearer ${key}` } })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()).items
  }
  return {
    base, mailbox: line('the mailbox'), password: line('password'), ask,
    email: (role) => line(role), requests: await ask('/v1/requests?limit=200'), tasks: await ask('/v1/tasks?limit=200'),
    owed: await ask('/v1/obligations?limit=200'), systems: await ask('/v1/systems'),
  }
}

/** Waits until a screen has what it shows. These are pictures, not tests: a moment is given to what moves. */
async function settled(page) {
  await page.waitForLoadState('load')
  await page.waitForTimeout(500)
  await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' })
  await page.waitForTimeout(400)
}

/** Takes a picture of a screen from its top, or of the part that matters. */
async function take(page, name, { of, height = 720, width = 1280 } = {}) {
  await page.mouse.move(0, 0) // what is under the pointer would say more about itself
  await settled(page)
  const how = { path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' }
  if (!of) return page.screenshot({ ...how, clip: { x: (1280 - width) / 2, y: 0, width, height } })
  const box = await of.boundingBox()
  await page.screenshot({ ...how, clip: { x: box.x, y: box.y, width: box.width, height: Math.min(box.height, height) } })
}

const button = (page, name) => page.getByRole('button', { name }).first().click()
const tab = (page, name) => page.getByRole('tab', { name }).first().click()
const dialog = (page) => page.getByRole('dialog').first()
const whole = (page) => ({ of: page.getByRole('article').first(), height: 740 })
const deep = (page) => ({ ...whole(page), height: 960 })

/** One place to look at: the name of its picture, where it is, what to do there, which part matters. */
async function look(person, name, path, act, part) {
  await person.page.goto(`${person.world.base}/console${path}`)
  await settled(person.page)
  if (act) await act(person.page)
  await take(person.page, name, part?.(person.page))
}

function requestsOf(world) {
  const find = (fits, what) => {
    const found = world.requests.find(fits)
    if (!found) throw new Error(`the demo has no request that ${what}`)
    return `/requests/${found.id}`
  }
  const withTask = (kind, fits = () => true) => find((r) => fits(r) && world.tasks.some((t) => t.kind === kind && t.request_id === r.id), `has a task ${kind}`)
  const owing = (fits, what) => find((r) => world.owed.some((o) => o.request_id === r.id && o.kind === 'respond' && fits(o)), what)
  return {
    assigned: find((r) => r.state === 'reviewing' && r.assignee_id && r.channel === 'phone', 'is assigned and came by telephone'),
    redacted: find((r) => r.state === 'reviewing' && r.assignee_id && r.channel === 'email', 'is assigned and came by mail'),
    clarifying: find((r) => r.state === 'clarifying', 'waits for an answer'),
    held: find((r) => r.state === 'collecting', 'is being collected'),
    refused: find((r) => r.outcome === 'refused', 'was refused'),
    fulfilled: find((r) => r.outcome === 'fulfilled' && r.channel === 'email', 'was fulfilled'),
    identity: withTask('identity_check', (r) => r.channel === 'letter'),
    overdue: owing((o) => o.state === 'overdue', 'is overdue'),
    soon: owing((o) => o.risk === 'amber', 'is due soon'),
  }
}

/** What was said to the person and by them; it opens with a click, because that is recorded. */
async function conversation(page) {
  await tab(page, /Conversation|Messages/)
  const show = page.getByRole('button', { name: /^(Read|Show) the conversation/ })
  if (await show.count() > 0) await show.click()
}

async function agent(person, at) {
  await look(person, 'agent-docket', '/')
  await look(person, 'agent-tasks', '/tasks')
  await look(person, 'agent-request', at.assigned, undefined, whole)
  await look(person, 'agent-new-request', '/requests', async (page) => { await button(page, /New request/); await dialog(page).getByRole('checkbox', { name: 'Access', exact: true }).check() }, (page) => ({ of: dialog(page), height: 860 }))
  await look(person, 'agent-identity', at.identity, (page) => tab(page, /Documents/), whole)
  await look(person, 'agent-review', at.redacted, (page) => tab(page, 'Review'), whole)
  await look(person, 'agent-messages', at.clarifying, conversation, deep)
  await look(person, 'agent-held', at.held, undefined, whole)
}

async function dpo(person, at) {
  await look(person, 'dpo-docket', '/?state=overdue', undefined, () => ({ height: 560 }))
  await look(person, 'dpo-overdue', at.overdue, undefined, whole)
  await look(person, 'dpo-commands', at.soon, (page) => button(page, 'More'), whole)
  await look(person, 'dpo-refused', at.refused, undefined, whole)
  await look(person, 'dpo-systems', '/systems', undefined, () => ({ height: 420 }))
  await look(person, 'dpo-rule', '/rules/gdpr')
}

async function auditor(person, at) {
  await look(person, 'auditor-request', at.fulfilled, undefined, whole)
  await look(person, 'auditor-log', '/audit', undefined, () => ({ height: 560 }))
  await look(person, 'auditor-verify', '/audit', (page) => button(page, 'Verify the log'), (page) => ({ of: dialog(page) }))
}

async function admin(person, at, world) {
  const crm = world.systems.find((s) => s.key === 'sample_crm')
  await look(person, 'admin-system', `/systems/${crm.id}`)
  await look(person, 'admin-settings', '/settings')
  await look(person, 'admin-people', '/settings/people', undefined, () => ({ height: 600 }))
  await look(person, 'admin-keys', '/settings/keys', undefined, () => ({ height: 460 }))
}

async function operator(person) {
  await look(person, 'operator-tenants', '/tenants', undefined, () => ({ height: 420 }))
}

const sheet = 720 // how wide a public page and its margins are

/** The people's own pages: what a person who asks sees, on the link that came by mail. */
async function subject(browser, world) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
  const page = await context.newPage()
  const form = `${world.base}/halden-birk/request?lang=en`
  await page.goto(form)
  await take(page, 'person-place', { height: 420, width: sheet })
  await page.goto(`${form}&place=IE`)
  await take(page, 'person-form', { height: 780, width: sheet })
  const mails = await (await fetch(`${world.mailbox}/api/messages?to=`)).json()
  const linkIn = (request, pattern) => mails.filter((m) => m.text?.includes(request.reference)).map((m) => pattern.exec(m.text)?.[1]).find(Boolean)
  const open = async (name, address, height) => {
    await page.goto(`${address}?lang=en`)
    await take(page, name, { height, width: sheet })
  }
  const status = linkIn(world.requests.find((r) => r.state === 'clarifying'), /(http\S+\/status\/[\w-]+)/)
  await open('person-status', status, 620)
  await open('person-messages', `${status}/messages`, 420)
  const answered = world.requests.find((r) => r.outcome === 'fulfilled' && r.channel === 'email')
  await open('person-download', linkIn(answered, /(http\S+\/download\/[\w-]+)/), 420)
  await context.close()
}

async function signedIn(browser, world, role) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 1000 }, colorScheme: 'light', reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  await page.goto(`${world.base}/console/sign-in`)
  if (role === 'agent') await take(page, 'sign-in', { height: 560, width: 560 })
  await page.getByLabel('E-mail').fill(world.email(role))
  await page.getByLabel(/^Password/).first().fill(world.password)
  await button(page, /^Sign in$/)
  await page.getByRole('navigation', { name: 'Screens' }).waitFor()
  return { page, world, close: () => context.close() }
}

function weigh() {
  const sizes = readdirSync(folder).map((name) => ({ name, size: statSync(join(folder, name)).size }))
  const all = sizes.reduce((sum, { size }) => sum + size, 0)
  const faults = sizes.filter(({ size }) => size > largest).map(({ name, size }) => `${name} has ${size} bytes; the limit is ${largest}: crop it`)
  if (all > allOfThem) faults.push(`all pictures have ${all} bytes; the limit is ${allOfThem}`)
  console.log(`${sizes.length} pictures, ${all} bytes, in docs/guide/pictures`)
  return faults
}

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const demo = startDemo()
const faults = []
let browser
try {
  const world = await worldOf(await demo.said)
  const at = requestsOf(world)
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  await subject(browser, world)
  for (const [role, looks] of Object.entries({ agent, dpo, auditor, admin, operator })) {
    const person = await signedIn(browser, world, role)
    await looks(person, at, world)
    await person.close()
  }
  faults.push(...weigh())
} catch (error) {
  faults.push(error.stack)
} finally {
  await browser?.close()
  await demo.stop()
}
for (const fault of faults) console.error(fault)
process.exit(faults.length > 0 ? 1 : 0)
