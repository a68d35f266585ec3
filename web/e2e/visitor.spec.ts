import { call, someone } from './world/api'
import { mailed, statusLink } from './world/mail'
import { docket } from './world/stack'
import { severalLaws } from './world/tenants'
import { expect, test } from './world/test'
import { Visitor } from './world/visitor'

test.describe('a person without JavaScript', () => {
  test('says where they live, mends the form, proves who they are, and takes the request back', async ({ visit }) => {
    const context = await visit({ javaScriptEnabled: false })
    const page = await context.newPage()
    const email = someone('cleo')
    await page.goto(`/${severalLaws}/request?lang=en`)
    await page.getByLabel('Where do you live?').selectOption({ value: 'US-CA' })
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(page.getByText('The law for you')).toContainText('California')
    const opened = Date.now()

    await page.getByLabel('Your name').fill('Cleo Marsh')
    await page.getByLabel('Your e-mail address').fill('cleo at home')
    await page.getByRole('button', { name: 'Send the request' }).click()
    const faults = page.getByRole('alert')
    await expect(faults).toContainText('Choose what you want.')
    await expect(faults).toContainText('Enter an e-mail address, such as name@example.com.')
    await expect(page.getByLabel('Your name'), 'nothing that was typed is lost').toHaveValue('Cleo Marsh')
    await faults.getByRole('link', { name: /e-mail address/ }).click()
    await expect(page).toHaveURL(/#email$/)
    await page.getByLabel('Get my data as a file that I can take elsewhere').check()
    await page.getByLabel('Your e-mail address').fill(email)
    // The form does not believe in people who fill it in within three seconds.
    await expect.poll(() => Date.now() - opened).toBeGreaterThan(3_500)
    await page.getByRole('button', { name: 'Send the request' }).click()
    await expect(page.getByRole('heading', { name: 'We have your request' })).toBeVisible()
    await expect(page.getByText(/You will hear from us by/)).toBeVisible()

    const person = new Visitor(context, email)
    const status = await person.prove()
    await expect(status.getByText('You asked for this: Get my data as a file that I can take elsewhere')).toBeVisible()
    await status.getByRole('link', { name: 'Take this request back' }).click()
    await expect(status.getByRole('heading', { name: /^Take the request .* back\?$/ })).toBeVisible()
    await status.getByRole('button', { name: 'Yes, take it back' }).click()
    await expect(status.getByText('You took the request back. We confirm that by e-mail.')).toBeVisible()
  })

  test('is asked a question, answers it, and the request goes on by itself', async ({ visit }) => {
    const key = (JSON.parse(docket(['tenant', 'key', severalLaws, '--name', someone('key'), '--role', 'dpo', '--json'])) as { key: string }).key
    const email = someone('tom')
    const { id } = await call<{ id: string }>('POST', '/v1/requests', { person: { email, name: 'Tom Reed' }, right: 'access', channel: 'email' }, key)
    const person = new Visitor(await visit({ javaScriptEnabled: false }), email)
    await person.prove()
    await expect.poll(async () => (await call<{ commands: string[] }>('GET', `/v1/requests/${id}`, undefined, key)).commands).toContain('ask-clarification')
    await call('POST', `/v1/requests/${id}/ask-clarification`, { question: 'Which of your two accounts do you mean?' }, key)

    await mailed(email, statusLink)
    const status = await person.status()
    await expect(status.getByText('We have a question for you.')).toBeVisible()
    await expect(status.getByText(/stands still until you answer/)).toBeVisible()
    const page = await person.messages()
    await expect(page.getByText('Which of your two accounts do you mean?')).toBeVisible()
    await page.getByLabel('Write to us').fill('The one with the blue card.')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(page.getByText('We have your message.')).toBeVisible()
    await expect.poll(async () => (await call<{ state: string }>('GET', `/v1/requests/${id}`, undefined, key)).state, { message: 'it goes on by itself' }).not.toBe('clarifying')
    const { items } = await call<{ items: unknown[] }>('GET', `/v1/requests/${id}/conversation`, undefined, key)
    expect(JSON.stringify(items)).toContain('The one with the blue card.')

    // What is sent shows the conversation as it stands then: a second code would have to wait for half a minute.
    await call('POST', `/v1/requests/${id}/conversation`, { text: 'Thank you, we have found it.' }, key)
    await page.getByLabel('Write to us').fill('How long will it take?')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(page.getByText('Thank you, we have found it.')).toBeVisible()
    await expect(page.getByText('How long will it take?')).toBeVisible()
  })
})
