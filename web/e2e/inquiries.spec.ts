import { call, command, known, stands } from './world/api'
import { fitsEverybody } from './world/axe'
import { approve } from './world/erasures'
import { mailed } from './world/mail'
import { joinTenant, screen } from './world/people'
import { stack } from './world/stack'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'

test.describe.configure({ timeout: 180_000 })

const declaration = (system: string, name: string) => `declaration:
  - system: ${system}
    name: {en: ${name}}
    purposes:
      - {use: essential.service, description: {en: Sending letters}, lawful_basis: contract, data_categories: [user]}
    retention: [{data_categories: [user], criteria: {en: as long as the contract runs}}]
    source: {from_subject: true}
    automated_decisions: []
`

test('a vendor is written to, answers with a file on their page, and the answer is in the package', async ({ visit }) => {
  const { slug, key } = ownTenant('Lime Street')
  const context = await visit()
  await joinTenant(context, slug, 'admin', true)
  const page = await screen(context, '/systems')
  await page.getByRole('button', { name: 'Add a system' }).first().click()
  const form = page.getByRole('dialog', { name: 'Add a system' })
  await form.getByLabel('Name').fill('Printing House')
  await form.getByLabel('Key').fill('printer')
  await form.getByRole('combobox', { name: 'What it is' }).click()
  await page.getByRole('option', { name: 'Vendor, by e-mail' }).click()
  const vendor = `privacy.${slug}@printing.example`
  await form.getByLabel('Whom to ask').fill(`asked:\n  of: Printing House\n  email: ${vendor}\n`)
  await form.getByLabel('Declaration').fill(declaration('printer', 'Printing House'))
  await fitsEverybody(page, 'adding a vendor')
  await form.getByRole('button', { name: 'Add the system' }).click()
  await expect(page.getByRole('heading', { name: 'Printing House' })).toBeVisible()
  await expect(page.getByRole('tab', { name: 'Vendor' })).toBeVisible()
  await fitsEverybody(page, 'a vendor')

  const filed = await known({}, key)
  const link = await mailed(vendor, /(http\S+\/asked\/[\w-]+)/)
  const outside = await (await visit({ javaScriptEnabled: false })).newPage()
  await outside.goto(`${link}?lang=en`)
  await expect(outside.getByRole('heading', { level: 1 })).toContainText('A data protection request that concerns you')
  await expect(outside.getByText(filed.email)).toBeHidden()
  const looker = await (await visit()).newPage()
  await looker.goto(`${link}?lang=en`)
  await fitsEverybody(looker, 'what a vendor is asked')
  await outside.getByRole('button', { name: 'See who it is about' }).click()
  await expect(outside.getByText(filed.email)).toBeVisible()
  await outside.getByRole('button', { name: 'Send the answer' }).click()
  await expect(outside.getByRole('alert')).toContainText('Choose what you have done')
  await outside.getByLabel('A file with the data').setInputFiles({ name: 'letters.csv', mimeType: 'text/csv', buffer: Buffer.from('date,letter\n2025-01-02,Welcome\n') })
  await outside.getByRole('button', { name: 'Add this file' }).click()
  await expect(outside.getByRole('listitem').filter({ hasText: 'letters.csv' })).toBeVisible()
  await looker.getByRole('button', { name: 'See who it is about' }).click()
  await fitsEverybody(looker, 'a vendor’s answer')
  await outside.getByRole('radio', { name: 'This is a part' }).check()
  await outside.getByLabel('What we should know').fill('Letters before 2025 are gone.')
  await outside.getByRole('button', { name: 'Send the answer' }).click()
  await expect(outside.getByRole('heading', { name: 'Thank you' })).toBeVisible()

  await stands(filed.id, 'reviewing', key)
  const desk = await screen(context, `/requests/${filed.id}`)
  await desk.getByRole('tab', { name: 'Asked of others' }).click()
  const asked = desk.getByRole('listitem', { name: 'Printing House: A copy of the data' })
  await expect(asked).toContainText('Done in part')
  await expect(asked).toContainText('Letters before 2025 are gone.')
  await expect(asked.getByRole('link', { name: 'letters.csv' })).toBeVisible()
  await fitsEverybody(desk, 'what others were asked')
})

test('colleagues are asked by a member of staff, who enters the answer with the task', async ({ visit }) => {
  const { slug, key } = ownTenant('Mill Road')
  await call('POST', '/v1/systems', { key: 'archive', name: 'Archive', kind: 'manual', target: '', service: 'asked:\n  of: The archive\n  instructions: Ring extension 17.\n', declaration: declaration('archive', 'Archive') }, key)
  const filed = await known({}, key)
  const context = await visit()
  await joinTenant(context, slug, 'dpo', true)
  await expect.poll(async () => (await call<{ items: unknown[] }>('GET', '/v1/tasks?kind=inquiry', undefined, key)).items.length, { timeout: 40_000 }).toBe(1)
  const desk = await screen(context, '/tasks?kind=inquiry')
  await desk.getByRole('button', { name: 'Ask somebody else' }).click()
  const task = desk.getByRole('complementary', { name: 'The task' })
  await task.getByRole('button', { name: 'Show what was asked' }).click()
  await expect(task).toContainText('Ring extension 17.')
  await task.getByRole('radio', { name: 'Enter what they answered' }).check()
  await task.getByRole('combobox', { name: 'What came of it' }).click()
  await desk.getByRole('option', { name: 'Nothing is held' }).click()
  await fitsEverybody(desk, 'entering an answer')
  await task.getByRole('button', { name: 'Enter what they answered' }).click()
  await stands(filed.id, 'reviewing', key)
})

test('one Docket asks another by OpenDSR, and has what it holds in its own package', async () => {
  const processor = ownTenant('Wharf Mailings')
  const controller = ownTenant('Quay Traders')
  const made = await call<{ key: string }>('POST', '/v1/requesters', { protocol: 'opendsr', handle: 'quay', name: 'Quay Traders', domain: new URL(stack.url).hostname, vouches: ['email'], results: true }, processor.key)
  const { certificate, domain } = await call<{ certificate: string; domain: string }>('GET', '/v1/processor-key', undefined, processor.key)
  const pem = certificate.trim().split('\n').map((line) => `    ${line}`).join('\n')
  const system = await call<{ id: string }>('POST', '/v1/systems', {
    key: 'mailings', name: 'Mailings', kind: 'opendsr', target: `token=${made.key}`, declaration: declaration('mailings', 'Mailings'),
    service: `asked:\n  of: Wharf Mailings\n  url: ${stack.url}/opendsr/${processor.slug}/v2\n  domain: ${domain}\n  auth: {kind: bearer}\n  certificate: |\n${pem}\n`,
  }, controller.key)
  const checked = await call<{ ok: boolean; findings: unknown[] }>('POST', `/v1/systems/${system.id}/test`, {}, controller.key)
  expect(checked.findings).toEqual([])

  const filed = await known({}, controller.key)
  await expect.poll(async () => (await call<{ items: unknown[] }>('GET', '/v1/requests', undefined, processor.key)).items.length, { timeout: 40_000 }).toBe(1)
  const there = (await call<{ items: { id: string }[] }>('GET', '/v1/requests', undefined, processor.key)).items[0]?.id ?? ''
  await stands(there, 'reviewing', processor.key)
  await command(there, 'approve', {}, processor.key)
  await stands(there, 'closed', processor.key)
  await stands(filed.id, 'reviewing', controller.key)
  const said = await call<{ items: { state: string; outcome: string; files: { name: string }[] }[] }>('GET', `/v1/requests/${filed.id}/inquiries`, undefined, controller.key)
  expect(said.items.map((i) => [i.state, i.outcome, i.files.length])).toEqual([['answered', 'done', 1]])
})

test('an erasure goes on without a vendor who does not answer, and the person hears that there is no confirmation', async ({ visit }) => {
  const { slug, key } = ownTenant('Quiet Vale')
  const vendor = `privacy.${slug}@printing.example`
  await call('POST', '/v1/systems', { key: 'printer', name: 'Printing House', kind: 'email', target: '', service: `asked:\n  of: Printing House\n  email: ${vendor}\n`, declaration: declaration('printer', 'Printing House') }, key)
  const filed = await known({ right: 'erasure' }, key)
  const context = await visit()
  await joinTenant(context, slug, 'dpo', true)
  await stands(filed.id, 'reviewing', key)
  await command(filed.id, 'propose-plan', {}, key)
  expect((await approve(context, filed.id)).status).toBe(200)
  await mailed(vendor, /(http\S+\/asked\/[\w-]+)/)
  const desk = await screen(context, `/requests/${filed.id}`)
  await desk.getByRole('tab', { name: 'Asked of others' }).click()
  const asked = desk.getByRole('listitem', { name: 'Printing House: To erase the data' })
  await expect(asked).toContainText('The request waits for it.')
  await asked.getByRole('button', { name: 'Go on without them' }).click()
  const dialog = desk.getByRole('dialog', { name: 'Go on without Printing House' })
  await dialog.getByLabel('Why').fill('Nobody there has answered in three weeks.')
  await fitsEverybody(desk, 'going on without an answer')
  await dialog.getByRole('button', { name: 'Go on without them' }).click()
  await stands(filed.id, 'closed', key)
  await expect(asked).toContainText('The request went on without it.')
  await expect(desk.getByText('There is no word of Printing House that all is erased there.', { exact: false })).toBeVisible()
  await expect(asked.getByRole('button', { name: 'Ask no more' })).toBeVisible()
  await desk.getByRole('tab', { name: 'Plan' }).click()
  await expect(desk.getByText('Asked of Printing House: no answer')).toBeVisible()
  const letter = await mailed(filed.email, /(no\s+confirmation\s+yet)/)
  expect(letter).toBeTruthy()
})
