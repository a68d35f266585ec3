import { command, known, stands } from './world/api'
import { fitsEverybody } from './world/axe'
import { addShop, newCustomer } from './world/erasures'
import { mailed } from './world/mail'
import { joinTenant, screen } from './world/people'
import { startReceiver } from './world/receiver'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'
import { Visitor } from './world/visitor'

test.describe.configure({ timeout: 180_000 })

test('a person has their data sent to another company, and staff see what came of it and try another', async ({ visit }) => {
  const { slug, key } = ownTenant('Linden Mews')
  await addShop(key)
  const { email } = newCustomer()
  const receiver = await startReceiver()
  try {
    const office = await visit()
    const [filed] = await Promise.all([known({ right: 'portability', person: { email, name: 'Robin Ashdown' } }, key), joinTenant(office, slug, 'dpo', true)])
    await stands(filed.id, 'reviewing', key)
    await command(filed.id, 'approve', {}, key)
    await stands(filed.id, 'closed', key)

    const form = await new Visitor(await visit(), email).room('transmit', 'Go on')
    await fitsEverybody(form, 'having data sent')
    await form.getByRole('button', { name: 'Send my data there' }).click()
    await expect(form.getByRole('alert')).toContainText('Say which company it is')
    await form.getByLabel('Which company?').fill('Seabird Bicycles')
    await form.getByLabel('The address for the upload').fill('seabird.example')
    await form.getByRole('button', { name: 'Send my data there' }).click()
    await expect(form.getByRole('alert')).toContainText("We can't send it there")
    await expect(form.getByLabel('Which company?'), 'what was entered is kept').toHaveValue('Seabird Bicycles')
    await form.getByLabel('The address for the upload').fill(`${receiver.url}?signature=abc`)
    await form.getByRole('button', { name: 'Send my data there' }).click()
    await expect(form.getByRole('status')).toContainText('We are sending your data.')
    expect(await mailed(email, /(We have sent your data)/)).toBeTruthy()
    expect(receiver.came).toHaveLength(1)
    expect(receiver.came[0]?.headers['content-type']).toBe('application/zip')
    expect(receiver.came[0]?.headers['content-digest']).toMatch(/^sha-256=:.{44}:$/)
    expect(receiver.came[0]?.body).toMatch(/^PK/)
    expect(receiver.came[0]?.body).not.toContain('index.html')

    const page = await screen(office, `/requests/${filed.id}`)
    await page.getByRole('tab', { name: 'Sent on' }).click()
    await expect(page.getByRole('listitem', { name: 'Seabird Bicycles: Sent' })).toContainText('asked for by the person, on their page')
    await fitsEverybody(page, 'what was sent on')
    receiver.answer(403)
    await page.getByRole('button', { name: 'Send it to another company' }).click()
    const send = page.getByRole('dialog', { name: 'Send it to another company' })
    await expect(send.getByRole('button', { name: 'Send it' })).toBeDisabled()
    await send.getByLabel('Whom it goes to').fill('Harbour Cycles')
    await send.getByLabel('The address for the upload').fill(receiver.url)
    await fitsEverybody(page, 'sending it on')
    await send.getByRole('button', { name: 'Send it' }).click()
    await expect(send).toBeHidden()
    expect(await mailed(email, /(They did not accept it at that address)/)).toBeTruthy()
    await page.reload()
    await page.getByRole('tab', { name: 'Sent on' }).click()
    await expect(page.getByRole('listitem', { name: 'Harbour Cycles: Not sent' })).toContainText('The receiver said no; it answered 403.')

    receiver.answer(503)
    await page.getByRole('button', { name: 'Send it to another company' }).click()
    await send.getByLabel('Whom it goes to').fill('Pier Nine')
    await send.getByLabel('The address for the upload').fill(receiver.url)
    await send.getByRole('button', { name: 'Send it' }).click()
    const open = page.getByRole('listitem', { name: 'Pier Nine: Being sent' })
    await open.getByRole('button', { name: 'It is not feasible' }).click()
    const refuse = page.getByRole('dialog', { name: 'It is not feasible' })
    await refuse.getByLabel('Why').fill('Pier Nine takes no uploads yet.')
    await fitsEverybody(page, 'refusing to send it on')
    await refuse.getByRole('button', { name: 'End it' }).click()
    await expect(page.getByRole('listitem', { name: 'Pier Nine: Not feasible' })).toBeVisible()
    expect(await mailed(email, /(Pier Nine takes no uploads yet)/)).toBeTruthy()
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await expect(page.getByText(/^The data was sent to another company/)).toBeVisible()
  } finally {
    receiver.end()
  }
})
