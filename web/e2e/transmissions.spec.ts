import { createHash } from 'node:crypto'

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

/** What another company gets that asks by a link, as its program does. */
async function fetched(link: string, method = 'GET') {
  const answer = await fetch(link, { method })
  const body = Buffer.from(await answer.arrayBuffer())
  return { status: answer.status, header: (name: string) => answer.headers.get(name) ?? '', body, digest: `sha-256=:${createHash('sha256').update(body).digest('base64')}:` }
}

test('a person has their data fetched by a link and sent to another company, and staff see what came of it and try another', async ({ visit }) => {
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

    const form = await new Visitor(await visit({ javaScriptEnabled: false }), email).room('transmit', 'Go on')
    await form.getByLabel('Which company is the link for?').fill('Rowan Cycles')
    await form.getByRole('button', { name: 'Make a link' }).click()
    await expect(form.getByRole('status')).toContainText('The link is made.')
    const link = await form.getByLabel('The link for Rowan Cycles').inputValue()
    const looked = await fetched(link, 'HEAD')
    const taken = await fetched(link)
    expect([looked.status, taken.status]).toEqual([200, 200])
    expect(taken.header('content-type')).toBe('application/zip')
    expect(taken.header('content-length')).toBe(String(taken.body.length))
    expect(taken.header('content-digest')).toBe(taken.digest)
    expect(looked.header('content-digest')).toBe(taken.digest)
    expect(taken.body.toString('latin1')).toMatch(/^PK/)
    expect(taken.body.toString('latin1')).not.toContain('index.html')
    expect(await mailed(email, /(your data was fetched by whoever)/)).toBeTruthy()

    const browser = await (await visit()).newPage()
    await browser.goto(`${link}?lang=en`)
    await expect(browser.getByRole('button', { name: 'Fetch the file' })).toBeVisible()
    await fitsEverybody(browser, 'what a link for another company shows in a browser')
    await browser.setContent(await form.content()) // axe-core runs in a page with scripts alone
    await fitsEverybody(browser, 'having data sent, and a link')
    await form.getByRole('button', { name: 'Take it back: Rowan Cycles' }).click()
    await expect(form.getByRole('status')).toContainText('The link is taken back.')
    await expect(form.getByRole('listitem').filter({ hasText: 'Rowan Cycles' })).toContainText('Your data was fetched with it, times: 1')
    expect((await fetched(link)).status).toBe(404)

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
    await expect(page.getByRole('listitem', { name: 'Link for Rowan Cycles: Taken back' })).toContainText('The data was fetched once')
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
    await page.getByRole('button', { name: 'Make a link' }).click()
    const making = page.getByRole('dialog', { name: 'Make a link' })
    await making.getByLabel('Whom the link is for').fill('Lock Street')
    await fitsEverybody(page, 'making a link')
    await making.getByRole('button', { name: 'Make the link' }).click()
    const other = await making.getByText(/\/fetch\//).innerText()
    expect((await fetched(other)).body.equals(taken.body), 'the same bytes').toBe(true)
    await fitsEverybody(page, 'a link that was made')
    await making.getByRole('button', { name: 'I have kept it' }).click()
    await page.getByRole('listitem', { name: 'Link for Lock Street: Works' }).getByRole('button', { name: 'Take it back' }).click()
    await page.getByRole('dialog', { name: 'Take the link back' }).getByRole('button', { name: 'Take it back' }).click()
    await expect(page.getByRole('listitem', { name: 'Link for Lock Street: Taken back' })).toBeVisible()
    expect((await fetched(other)).status).toBe(404)
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await expect(page.getByText(/^The data was sent to another company/)).toBeVisible()
    await expect(page.getByText(/^The data was fetched by a link for another company/).first()).toBeVisible()
  } finally {
    receiver.end()
  }
})
