import type { Page } from '@playwright/test'

import { call, file, someone, stands, type Filed } from './world/api'
import { fitsEverybody } from './world/axe'
import { addShop, newCustomer, type Customer } from './world/erasures'
import { code, countMails, mailed } from './world/mail'
import { joinTenant, screen } from './world/people'
import { inSample } from './world/stack'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'
import { Visitor } from './world/visitor'

test.describe.configure({ timeout: 180_000 })

const heading = (page: Page) => page.getByRole('heading', { level: 1 })
const mark = (page: Page) => page.getByRole('listitem', { name: 'Web shop', exact: true })
const limit = (page: Page, name: string) => page.getByRole('listitem', { name, exact: true })

/** Whether the shop writes to a customer: where it marks objections to direct marketing. */
const newsletter = (customer: Customer) => inSample('sample_shop', `SELECT newsletter FROM customers WHERE id = ${customer.id}`)

/** Asks by the API, as a system does before it uses data. */
const allowed = async (email: string, purpose: string, key: string) =>
  (await call<{ allowed: boolean }>('POST', '/v1/use-checks', { person: { email }, purpose, basis: 'legitimate_interests' }, key)).allowed

/** Fills in the public form and sends it; the form does not believe in people who are quicker than three seconds. */
async function send(page: Page, slug: string, email: string, tick: string[]) {
  await page.goto(`/${slug}/request?lang=en`)
  const opened = Date.now()
  for (const label of tick) await page.getByLabel(label).check()
  await page.getByLabel('Your name').fill('Cleo Marsh')
  await page.getByLabel('Your e-mail address').fill(email)
  await expect.poll(() => Date.now() - opened).toBeGreaterThan(3_500)
  await page.getByRole('button', { name: 'Send the request' }).click()
  await expect(page.getByRole('heading', { name: 'We have your request' })).toBeVisible()
}

/** Gives a command of the menu, or the one that stands out, with a note. */
async function give(page: Page, label: string, note: string) {
  await page.getByRole('button', { name: label, exact: true }).click()
  const dialog = page.getByRole('dialog', { name: new RegExp(`^${label}: `) })
  await dialog.getByRole('textbox', { name: 'Note for the file' }).fill(note)
  await dialog.getByRole('button', { name: label, exact: true }).click()
}

/** Asks on the screen whether data of a person may be used; gives the answer. */
async function ask(page: Page, email: string, purpose: RegExp) {
  await page.getByRole('button', { name: 'May we use this?' }).click()
  const form = page.getByRole('dialog', { name: 'May we use this?' })
  await form.getByLabel('E-mail').fill(email)
  await form.getByRole('combobox', { name: 'What for' }).click()
  await page.getByRole('option', { name: purpose }).click()
  await form.getByRole('button', { name: 'Ask', exact: true }).click()
  return form.getByRole('status')
}

test('a person without JavaScript objects to advertising, which ends at once and by itself, until they want it again', async ({ visit }) => {
  const { slug, key } = ownTenant('Still Water')
  await addShop(key)
  const customer = newCustomer()
  const { email } = customer
  const form = await (await visit({ javaScriptEnabled: false })).newPage()
  expect(await allowed(email, 'direct_marketing', key)).toBe(true)
  await send(form, slug, email, ['Object to how you use my data', 'Advertising that is sent to me'])
  expect(await allowed(email, 'direct_marketing', key), 'from the moment the form is sent').toBe(false)
  expect(await mailed(email, /(We do not send you advertising)/)).toBeTruthy()
  expect(await countMails(email, code), 'nobody is asked who they are').toBe(0)

  const office = await visit()
  await joinTenant(office, slug, 'agent')
  const list = await screen(office, '/limits')
  await list.getByRole('row', { name: /Direct marketing/ }).getByRole('link').click()
  await expect(heading(list)).toContainText('Fulfilled')
  await expect(list.getByText('Against: direct marketing.')).toBeVisible()
  await expect(limit(list, 'Direct marketing')).toContainText('Art. 21(3) GDPR')
  await expect(list.getByText('Not asked', { exact: true }), 'of who they are').toBeVisible()
  await expect(list.getByRole('button', { name: 'Lift: Direct marketing' }), 'an agent lifts nothing').toHaveCount(0)
  await expect(mark(list)).toContainText('Setin 1 place')
  expect(newsletter(customer), 'the shop knows').toEqual([['f']])
  await fitsEverybody(list, 'an objection to marketing')

  const officer = await visit()
  await joinTenant(officer, slug, 'dpo')
  const page = await screen(officer, new URL(list.url()).pathname.replace('/console', ''))
  await page.getByRole('button', { name: 'Lift: Direct marketing' }).click()
  const lift = page.getByRole('dialog', { name: 'Lift: Direct marketing' })
  await expect(lift.getByRole('radio'), 'it stands for good: only the person has it lifted').toHaveCount(1)
  await lift.getByLabel('Note for the file').fill('They wrote that they miss it.')
  await lift.getByRole('button', { name: 'Lift it now' }).click()
  await expect(limit(page, 'Direct marketing')).toContainText('Lifted on')
  expect(newsletter(customer), 'nobody is subscribed anew').toEqual([['f']])
  expect(await allowed(email, 'direct_marketing', key)).toBe(true)
})

test('one code proves a restriction and an access at once; the restriction is granted, and lifted after a word to the person', async ({ visit }) => {
  const { slug, key } = ownTenant('Weir Cottage')
  const email = someone('cleo')
  const context = await visit({ javaScriptEnabled: false })
  await send(await context.newPage(), slug, email, ['Stop using my data for now', 'The data is wrong, and you are to check it first', 'See the data that you have about me'])
  const office = await visit()
  await joinTenant(office, slug, 'dpo')
  const list = await screen(office, '/limits')
  await expect(list.getByText('No limit stands')).toBeVisible()
  await expect(await ask(list, email, /^Analytics/), 'nobody restricts somebody else’s data').toContainText('Yes')
  await new Visitor(context, email).prove()
  expect(await countMails(email, code), 'one code for both').toBe(1)
  const { items } = await call<{ items: (Filed & { right: string })[] }>('GET', '/v1/requests', undefined, key)
  const of = (right: string) => items.find((r) => r.right === right)?.id ?? ''
  await Promise.all([stands(of('restriction'), 'reviewing', key), stands(of('access'), 'reviewing', key)])

  const page = await screen(office, `/requests/${of('restriction')}`)
  await expect(page.getByText('The data is said to be wrong.')).toBeVisible()
  await expect(limit(page, 'Restriction')).toContainText('Stands while it is decided')
  await expect(page.getByRole('tab', { name: /Package|Review/ })).toHaveCount(0)
  const access = items.find((r) => r.right === 'access')?.reference ?? ''
  await expect(page.getByRole('link', { name: access, exact: true }).last(), 'what came in with it').toBeVisible()
  await fitsEverybody(page, 'a restriction to be decided')
  await give(page, 'Grant it', 'The address is being looked up.')
  await expect(heading(page)).toContainText('Fulfilled')
  await expect(limit(page, 'Restriction').getByText('Stands', { exact: true })).toBeVisible()
  expect(await mailed(email, /(We only keep your data)/)).toBeTruthy()

  await list.reload()
  const no = await ask(list, email, /^Analytics/)
  await expect(no).toContainText('No')
  await expect(no).toContainText('The data is restricted: it is only kept.')
  await expect(no).toContainText('Art. 18 GDPR')
  await fitsEverybody(list, 'may we use this')
  expect(list.url(), 'nothing personal stands in the address').not.toContain('cleo')
  expect(await list.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])), 'or is kept').not.toContain('cleo')

  await page.getByRole('button', { name: 'Lift: Restriction' }).click()
  const lift = page.getByRole('dialog', { name: 'Lift: Restriction' })
  await expect(lift.getByRole('button', { name: 'Choose why' })).toBeDisabled()
  await lift.getByRole('radio', { name: 'Its ground is gone' }).check()
  await expect(lift.getByText(/The person is told first \(Art\. 18\(3\) GDPR\)/)).toBeVisible()
  await lift.getByLabel('Note for the file').fill('The address was right.')
  await fitsEverybody(page, 'lifting a restriction')
  await lift.getByRole('button', { name: /^Tell the person, and lift it on / }).click()
  await expect(limit(page, 'Restriction').getByText(/^Ends on/)).toBeVisible()
  expect(await mailed(email, /(The reason for it no longer applies)/)).toBeTruthy()
  expect(await allowed(email, 'analytics', key), 'it stands until they could have read that').toBe(false)

  await list.reload()
  await expect(list.getByRole('row', { name: /Restriction/ })).toContainText('Ends on')
  await fitsEverybody(list, 'limits')
})

test('several rights are filed at once; an objection is weighed and refused, and only then', async ({ visit }) => {
  const { slug, key } = ownTenant('Millers Ford')
  const office = await visit()
  await joinTenant(office, slug, 'dpo')
  const email = someone('nora')
  const page = await screen(office, '/requests')
  await page.getByRole('button', { name: 'New request' }).first().click()
  const form = page.getByRole('dialog', { name: 'New request' })
  await form.getByLabel('E-mail').fill(email)
  await form.getByRole('button', { name: 'File the request' }).click()
  await expect(form.getByRole('alert')).toContainText('Choose what is asked for.')
  await form.getByRole('checkbox', { name: 'Access', exact: true }).check()
  await form.getByRole('checkbox', { name: 'Objection', exact: true }).check()
  await form.getByRole('button', { name: 'File 2 requests' }).click()
  await expect(form.getByText('Choose what it is against.')).toBeVisible()
  await form.getByRole('checkbox', { name: 'Legitimate interests', exact: true }).check()
  await form.getByRole('checkbox', { name: 'Restriction', exact: true }).check()
  await expect(form.getByText(/^Objection: answer the request by/)).toBeVisible()
  await fitsEverybody(page, 'several rights at once')
  await form.getByRole('checkbox', { name: 'Restriction', exact: true }).uncheck()
  await form.getByRole('button', { name: 'File 2 requests' }).click()
  const filed = page.getByRole('dialog', { name: '2 requests were filed' })
  await expect(filed.getByRole('link')).toHaveCount(2)
  await fitsEverybody(page, 'what was filed')
  await filed.getByRole('listitem').filter({ hasText: 'Objection' }).getByRole('link').click()
  await expect(heading(page)).toContainText('Proving identity')
  const id = /requests\/([\w-]+)/.exec(page.url())?.[1] ?? ''

  await call('POST', `/v1/requests/${id}/confirm-identity`, { note: 'Seen at the desk.' }, key)
  await expect(heading(page)).toContainText('To be decided')
  await expect(page.getByRole('button', { name: 'Grant it', exact: true }), 'not before it is weighed').toHaveCount(0)
  await page.getByRole('button', { name: 'More' }).click()
  await expect(page.getByRole('menuitem', { name: /^Grant it/ })).toContainText('Weigh the grounds first')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Weigh the grounds' }).click()
  const weigh = page.getByRole('dialog', { name: 'Weigh the grounds' })
  await weigh.getByLabel('Interest').fill('Fraud among our sellers.')
  await weigh.getByLabel('Necessity').fill('Nothing less shows it.')
  await weigh.getByLabel('Impact').fill('They are shown fewer offers.')
  await weigh.getByLabel('Safeguards').fill('A person looks.')
  await expect(weigh.getByRole('button', { name: 'Put it on record' })).toBeDisabled()
  await weigh.getByRole('radio', { name: 'The grounds override' }).check()
  await fitsEverybody(page, 'weighing')
  await weigh.getByRole('button', { name: 'Put it on record' }).click()
  const balance = page.getByRole('region', { name: 'Balance test' })
  await expect(balance).toContainText('The grounds override')
  await expect(balance).toContainText('Nothing less shows it.')
  await fitsEverybody(page, 'an objection that was weighed')

  await page.getByRole('button', { name: 'Refuse the request', exact: true }).click()
  const refuse = page.getByRole('dialog', { name: /^Refuse the request: / })
  await refuse.getByRole('combobox', { name: 'Ground of the refusal' }).click()
  await page.getByRole('option', { name: /^Compelling grounds/ }).click()
  await refuse.getByLabel('Explanation for the person').fill('We have to keep fraud out.')
  await refuse.getByRole('button', { name: 'Refuse the request' }).click()
  await expect(heading(page)).toContainText('Refused')
  await expect(limit(page, 'Legitimate interests').getByText(/^Ends on/)).toBeVisible()
  expect(await mailed(email, /(we leave your data alone)/)).toBeTruthy()
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await expect(page.getByText('The grounds were weighed')).toBeVisible()
})

test('where a system cannot be marked a person does it by hand, and an auditor sees that without being offered anything', async ({ visit }) => {
  const { slug, key } = ownTenant('Chalk Pit')
  await addShop(key, false)
  const customer = newCustomer()
  const [desk, office] = await Promise.all([visit(), visit()])
  const [filed] = await Promise.all([
    file({ right: 'objection', against: ['direct_marketing'], person: { email: customer.email, name: 'Robin Ashdown' } }, customer.email, key), joinTenant(desk, slug, 'dpo', true), joinTenant(office, slug, 'auditor', true),
  ])
  const page = await screen(desk, `/requests/${filed.id}`)
  const system = mark(page)
  await expect(system).toContainText('Could not be set', { timeout: 40_000 })
  await expect(page.getByText(/^A system could not be marked\. Try it again/)).toBeVisible()
  await expect(page.getByRole('region', { name: 'A system could not be changed: Web shop' }), 'it is a task').toBeVisible()
  await fitsEverybody(page, 'a system that could not be marked')
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Say that it was done by hand' }).click()
  const dialog = page.getByRole('dialog', { name: /^Say that it was done by hand/ })
  await dialog.getByRole('textbox', { name: 'Note for the file' }).fill('The shop’s people unticked it and showed me.')
  await dialog.getByRole('button', { name: 'Say that it was done by hand' }).click()
  await expect(system).toContainText('Set by hand')
  await expect(heading(page)).toContainText('Fulfilled')

  const seen = await screen(office, '/limits')
  await expect(seen.getByRole('row', { name: /Direct marketing/ })).toContainText('Stands')
  await expect(seen.getByRole('button', { name: 'May we use this?' })).toHaveCount(0)
  await seen.getByRole('row', { name: /Direct marketing/ }).getByRole('link').click()
  await expect(limit(seen, 'Direct marketing')).toBeVisible()
  for (const refused of ['Lift: Direct marketing', 'More']) await expect(seen.getByRole('button', { name: refused, exact: true })).toHaveCount(0)
})
