import type { Page } from '@playwright/test'

import { command, known, stands, type Filed } from './world/api'
import { fitsEverybody } from './world/axe'
import { addShop, newCustomer, type Customer } from './world/erasures'
import { countMails, mailed } from './world/mail'
import { joinTenant, screen } from './world/people'
import { inSample } from './world/stack'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'
import { Visitor } from './world/visitor'

test.describe.configure({ timeout: 180_000 })

const heading = (page: Page) => page.getByRole('heading', { level: 1 })
const correction = (page: Page, field: string) => page.getByRole('listitem', { name: `Web shop: ${field}`, exact: true })
const show = (page: Page) => page.getByRole('button', { name: 'Show what is wrong, and what the systems say' }).click()
const asked = (customer: Customer, key: string, details: string): Promise<Filed> => known({ right: 'rectification', details, person: { email: customer.email, name: 'Robin Ashdown' } }, key)

/** What the shop says of a customer in a field. */
const says = (customer: Customer, field: string) => inSample('sample_shop', `SELECT ${field} FROM customers WHERE id = ${customer.id}`).flat().join()

/** Proposes that a value of a field becomes another. */
async function propose(page: Page, field: string, becomes: string, why: string) {
  await page.getByRole('button', { name: `Correct ${field}`, exact: true }).click()
  const form = page.getByRole('dialog', { name: `Correct ${field}` })
  await form.getByLabel('What is right').fill(becomes)
  await form.getByLabel('Why').fill(why)
  await form.getByRole('button', { name: 'Propose it' }).click()
  await expect(form).toBeHidden()
}

const accept = (page: Page, field: string) => page.getByRole('button', { name: `Accept: the correction of ${field}` }).click()

/** Refuses a correction because the value is right. */
async function refuse(page: Page, field: string) {
  await page.getByRole('button', { name: `Refuse: the correction of ${field}` }).click()
  const form = page.getByRole('dialog', { name: `Refuse the correction of ${field}` })
  await form.getByRole('combobox', { name: 'Ground of the refusal' }).click()
  await page.getByRole('option', { name: /^Data accurate/ }).click()
  await form.getByRole('button', { name: 'Refuse it' }).click()
  await expect(form).toBeHidden()
}

/** Has the accepted corrections written from the head of the request. */
async function write(page: Page) {
  await page.getByRole('button', { name: 'Write the corrections', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: /^Write the corrections: / })
  await expect(dialog.getByText(/^This writes the corrections with the check sum [0-9a-f]{16}…, and no other\.$/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Write the corrections', exact: true }).click()
}

test('staff compare what is said with what the systems say, refuse one correction and write the other, and nobody else’s rows change', async ({ visit }) => {
  const { slug, key } = ownTenant('Copper Beech')
  await addShop(key)
  const [customer, namesake] = [newCustomer(), newCustomer()]
  const office = await visit()
  const [filed] = await Promise.all([asked(customer, key, 'My name is Robyn, with a y. And I never ordered anything.'), joinTenant(office, slug, 'dpo', true)])
  await stands(filed.id, 'reviewing', key)
  expect(await mailed(customer.email, /(Some of it you can correct yourself)/)).toBeTruthy()

  const page = await screen(office, `/requests/${filed.id}`)
  await expect(heading(page)).toContainText('Corrections to be decided')
  await expect(page.getByText('Robyn, with a y'), 'nothing personal before it is asked for').toHaveCount(0)
  await page.getByRole('button', { name: 'More' }).click()
  await expect(page.getByRole('menuitem', { name: /^Write the corrections/ })).toContainText('Look at the corrections first')
  await page.keyboard.press('Escape')
  await show(page)
  await expect(page.getByRole('blockquote')).toContainText('Robyn, with a y')
  const name = page.getByRole('row').filter({ has: page.getByText('full_name', { exact: true }) })
  await expect(name).toContainText('Robin Ashdown in 1 row')
  await expect(page.getByRole('row').filter({ has: page.getByText('note', { exact: true }) })).toContainText('Leave it with Mrs Ashdown in 2 rows')
  await expect(page.getByRole('row').filter({ has: page.getByText('nickname', { exact: true }) })).toContainText('The person may correct it on their page.')
  await expect(page.getByRole('row').filter({ has: page.getByText('email', { exact: true }) }).first()).toContainText('The person is found by it: their e-mail address.')
  await fitsEverybody(page, 'what the systems say')

  await page.getByRole('button', { name: 'Correct full_name', exact: true }).focus()
  await page.keyboard.press('Enter')
  const form = page.getByRole('dialog', { name: 'Correct full_name' })
  await expect(form.getByText('Nobody else’s rows are touched.')).toBeVisible()
  await expect(form.getByRole('button', { name: 'Propose it' }), 'it says what is there').toBeDisabled()
  await fitsEverybody(page, 'proposing a correction')
  await page.keyboard.press('Escape')
  await propose(page, 'full_name', 'Robyn Ashdown', 'Seen in the passport.')
  await propose(page, 'note', 'Nothing', 'The person says so.')
  await expect(correction(page, 'full_name')).toContainText('To be decided')
  await expect(page.getByText('2 corrections wait for a decision: accept or refuse each.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Write the corrections', exact: true })).toHaveCount(0)
  await accept(page, 'full_name')
  await expect(correction(page, 'full_name')).toContainText('Accepted')
  await page.getByRole('button', { name: 'Refuse: the correction of note' }).click()
  await fitsEverybody(page, 'refusing a correction')
  await page.getByRole('dialog').getByRole('button', { name: 'Leave it' }).click()
  await refuse(page, 'note')
  await expect(correction(page, 'note')).toContainText('data accurate')
  await fitsEverybody(page, 'corrections that were decided on')
  expect(says(customer, 'full_name'), 'nothing is written before somebody says so').toBe('Robin Ashdown')

  await write(page)
  await expect(heading(page)).toContainText('Fulfilled', { timeout: 40_000 })
  await expect(page.getByRole('listitem', { name: 'Web shop', exact: true })).toContainText('Written and read back1 row changed')
  expect([says(customer, 'full_name'), says(namesake, 'full_name')]).toEqual(['Robyn Ashdown', 'Robin Ashdown'])
  expect(inSample('sample_shop', `SELECT DISTINCT note FROM orders WHERE customer_id = ${customer.id}`)).toEqual([['Leave it with Mrs Ashdown']])
  await expect(page.getByRole('region', { name: 'Recipients' })).toContainText('Whoever was given the data must hear that it was corrected')
  await page.getByRole('button', { name: 'Read it anew' }).click()
  await expect(correction(page, 'full_name')).toContainText('Written in 1 row')
  await fitsEverybody(page, 'corrections that were written')
  expect(await mailed(customer.email, /(This stays as it is)/)).toBeTruthy()
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await expect(page.getByText('The corrections were written')).toBeVisible()
})

test('what a person is found by is corrected by two people, in the task, as it was read', async ({ visit }) => {
  const { slug, key } = ownTenant('Rowan Gate')
  await addShop(key)
  const customer = newCustomer()
  const [desk, office] = await Promise.all([visit(), visit()])
  const [filed] = await Promise.all([asked(customer, key, 'That telephone number is not mine.'), joinTenant(desk, slug, 'agent', true), joinTenant(office, slug, 'dpo', true)])
  await stands(filed.id, 'reviewing', key)
  const agent = await screen(desk, `/requests/${filed.id}`)
  await show(agent)
  await propose(agent, 'phone', '+49 40 5550199', 'Called back on it.')
  await accept(agent, 'phone')
  await expect(agent.getByText('You proposed a correction of what the person is found by, so somebody else has it written.')).toBeVisible()
  await expect(agent.getByRole('button', { name: 'Write the corrections', exact: true })).toHaveCount(0)

  const officer = await screen(office, '/tasks?kind=correction')
  await officer.getByRole('button', { name: 'Decide on corrections' }).click()
  const task = officer.getByRole('complementary', { name: 'The task' })
  await task.getByRole('radio', { name: 'Write the accepted corrections' }).check()
  const decide = task.getByRole('button', { name: 'Write the accepted corrections' })
  await expect(task.getByText('Look at the corrections first')).toBeVisible()
  await expect(decide).toBeDisabled()
  await task.getByRole('button', { name: 'Show the corrections' }).click()
  await expect(task.getByRole('list', { name: 'Accepted corrections' })).toContainText('+49 40 5550199')
  await fitsEverybody(officer, 'the task of corrections')

  await propose(agent, 'nickname', 'Rob', 'They asked for it too.')
  await accept(agent, 'nickname')
  await expect(correction(agent, 'nickname')).toContainText('Accepted')
  await decide.click()
  await expect(task.getByRole('alert').filter({ hasText: 'The corrections have changed since you opened this.' })).toContainText('2 corrections in 1 system')
  await expect(task.getByRole('list', { name: 'Accepted corrections' })).toContainText('Rob')
  expect(says(customer, 'phone')).toBe('+49 40 5550100')
  await task.getByRole('button', { name: 'I have read them as they are now' }).click()
  await decide.click()
  await stands(filed.id, 'closed', key)
  expect([says(customer, 'phone'), says(customer, 'nickname')]).toEqual(['+49 40 5550199', 'Rob'])
})

test('a person without JavaScript corrects their nickname behind a code, and it is written at once', async ({ visit }) => {
  const { slug, key } = ownTenant('Slate Row')
  await addShop(key)
  const customer = newCustomer()
  const context = await visit({ javaScriptEnabled: false })
  const form = await context.newPage()
  await form.goto(`/${slug}/request?lang=en`)
  const opened = Date.now()
  await form.getByLabel('Correct data that is wrong').check()
  await form.getByLabel('Your name').fill('Robin Ashdown')
  await form.getByLabel('Your e-mail address').fill(customer.email)
  await expect.poll(() => Date.now() - opened).toBeGreaterThan(3_500) // the form does not believe in people who are quicker
  await form.getByRole('button', { name: 'Send the request' }).click()
  await expect(form.getByRole('heading', { name: 'We have your request' })).toBeVisible()
  const visitor = new Visitor(context, customer.email)
  await visitor.prove()
  expect(await mailed(customer.email, /(Some of it you can correct yourself)/)).toBeTruthy()
  const page = await visitor.room('data', 'Show my data')
  await expect(page.getByRole('heading', { name: 'Web shop' })).toBeVisible()
  await expect(page.getByLabel('full name'), 'that is for people to decide on').toHaveCount(0)
  await page.getByLabel('nickname').fill('Robbie')
  await page.getByLabel('That is all that I want to have corrected').check()
  await page.getByRole('button', { name: 'Correct it' }).click()
  await expect(page.getByText('It is being written into our systems.')).toBeVisible()
  expect(await mailed(customer.email, /(We have corrected your data)/)).toBeTruthy()
  expect(says(customer, 'nickname')).toBe('Robbie')

  const office = await visit()
  await joinTenant(office, slug, 'agent')
  const list = await screen(office, '/requests')
  await list.getByRole('link', { name: /^[A-Z]{2}-/ }).first().click()
  await expect(heading(list)).toContainText('Fulfilled')
  await show(list)
  await expect(correction(list, 'nickname')).toContainText('Proposed by the person')
  expect(await countMails(customer.email, /./)).toBeGreaterThan(2)
})

test('after a refusal the person puts a statement beside their data, and staff read it', async ({ visit }) => {
  const { slug, key } = ownTenant('Juniper Lock')
  await addShop(key)
  const customer = newCustomer()
  const office = await visit()
  const [filed] = await Promise.all([asked(customer, key, 'I never lived there.'), joinTenant(office, slug, 'dpo', true)])
  await stands(filed.id, 'reviewing', key)
  await command(filed.id, 'refuse', { reason: 'data_accurate', explanation: 'It is what you told us.' }, key)
  await stands(filed.id, 'closed', key)
  const page = await new Visitor(await visit({ javaScriptEnabled: false }), customer.email).room('statement', 'Write my statement')
  await page.getByLabel('Your statement').fill('I never lived there, and my landlord says so.')
  await page.getByRole('button', { name: 'Keep this statement' }).click()
  await expect(page.getByText('We keep your statement beside your data.')).toBeVisible()
  await expect.poll(() => says(customer, 'statement'), { timeout: 40_000 }).toBe('I never lived there, and my landlord says so.')

  const staff = await screen(office, `/requests/${filed.id}`)
  await expect(staff.getByRole('listitem', { name: 'Web shop', exact: true })).toContainText('the statement')
  await show(staff)
  await expect(staff.getByRole('region', { name: 'Statement of the person' })).toContainText('my landlord says so')
  await fitsEverybody(staff, 'a statement of the person')
})

test('where a system can’t be written in a person does it by hand; many, long and missing values can be read', async ({ visit }) => {
  const { slug, key } = ownTenant('Ferry House')
  await addShop(key, false)
  const customer = newCustomer()
  inSample('sample_shop', `
    UPDATE customers SET full_name = E'Robin\\nAshdown' WHERE id = ${customer.id};
    INSERT INTO orders (id, customer_id, placed_at, status, total, note) SELECT gen_random_uuid(), ${customer.id}, now(), 'delivered', n, repeat('Ring twice' || n || ' ', 30) FROM generate_series(1, 110) n`)
  const office = await visit()
  const [filed] = await Promise.all([asked(customer, key, 'My name is on one line.'), joinTenant(office, slug, 'dpo', true)])
  await stands(filed.id, 'reviewing', key)
  const page = await screen(office, `/requests/${filed.id}`)
  await show(page)
  const notes = page.getByRole('row').filter({ has: page.getByText('note', { exact: true }) })
  await notes.getByRole('button', { name: 'Show all 100 values' }).click()
  await expect(notes.getByRole('listitem')).toHaveCount(100)
  await expect(notes).toContainText('There are others, or such as are too long to be listed here')
  await notes.getByRole('button', { name: /^Show all [\d,]+ characters$/ }).first().click()
  await fitsEverybody(page, 'many long values')
  await notes.getByRole('button', { name: 'Show fewer' }).click()
  await expect(page.getByRole('row').filter({ has: page.getByText('nickname', { exact: true }) })).toContainText('no value')
  await command(filed.id, 'recollect', { note: 'The shop was mended.' }, key)
  await expect(page.getByText('The request has moved on since you read this.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Correct full_name', exact: true }), 'nothing is decided on what is no longer so').toHaveCount(0)
  await stands(filed.id, 'reviewing', key)
  await expect(async () => {
    const anew = page.getByRole('button', { name: 'Read it anew' })
    if (await anew.isVisible()) await anew.click()
    await expect(page.getByRole('button', { name: 'Correct full_name', exact: true })).toBeVisible({ timeout: 3_000 })
  }).toPass()
  await propose(page, 'full_name', 'Robin Ashdown', 'It is a slip of the keyboard.')
  await accept(page, 'full_name')
  await write(page)
  const system = page.getByRole('listitem', { name: 'Web shop', exact: true })
  await expect(system).toContainText('Could not be written', { timeout: 40_000 })
  await expect(page.getByText(/^A system could not be written in\. Try it again, or correct it by hand/)).toBeVisible()
  await fitsEverybody(page, 'a system that could not be written in')
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Say that it was done by hand' }).click()
  const dialog = page.getByRole('dialog', { name: /^Say that it was done by hand/ })
  await dialog.getByRole('textbox', { name: 'Note for the file' }).fill('The shop’s people mended it and showed me.')
  await dialog.getByRole('button', { name: 'Say that it was done by hand' }).click()
  await expect(heading(page)).toContainText('Fulfilled')
  await expect(system).toContainText('Done by hand')
})
