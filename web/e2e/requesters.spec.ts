import { generateKeyPairSync, randomUUID } from 'node:crypto'

import { file, someone } from './world/api'
import { fitsEverybody } from './world/axe'
import { joinTenant, screen } from './world/people'
import { stack } from './world/stack'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'

/** The 32 bytes of an Ed25519 key in base64. */
const verifyKey = () => generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')

test('a controller is let in, files a request and is shut out again; a directory of agents is taken over', async ({ visit }) => {
  const tenant = ownTenant('Sail Loft')
  const context = await visit()
  await Promise.all([joinTenant(context, tenant.slug, 'admin', true), file({}, someone('nora'), tenant.key)])
  const page = await screen(context, '/settings/requesters')
  await page.getByRole('button', { name: 'Add a requester' }).first().click()
  const form = page.getByRole('dialog', { name: 'Add a requester' })
  await form.getByLabel('Controller id').fill('shop')
  await form.getByRole('textbox', { name: 'Name' }).fill('Shop AG')
  await form.getByLabel('Domain').fill('shop.example')
  await fitsEverybody(page, 'add a requester')
  await form.getByRole('button', { name: 'Add the requester' }).click()
  const key = (await form.locator('code').innerText()).trim()
  expect(key).toMatch(/^dkr_/)
  await form.getByRole('button', { name: 'I have kept it' }).click()
  const shop = page.getByRole('region', { name: 'Shop AG' })
  await expect(shop).toContainText('People are asked who they are')
  const told = page.getByRole('region', { name: 'What controllers are told' })
  await expect(told).toContainText(`/opendsr/${tenant.slug}/v2`)
  await expect(told).toContainText('signed by its own key')

  const id = randomUUID()
  const email = someone('ida')
  const base = `${stack.url}/opendsr/${tenant.slug}/v2/requests`
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const answer = await fetch(base, {
    method: 'POST', headers,
    body: JSON.stringify({
      regulation: 'gdpr', subject_request_id: id, subject_request_type: 'access', submitted_time: new Date().toISOString(), api_version: '2.0',
      subject_identities: [{ identity_type: 'email', identity_value: email, identity_format: 'raw' }],
    }),
  })
  expect(answer.status, await answer.text()).toBe(201)
  const list = await screen(context, '/requests')
  await list.getByRole('row').filter({ hasText: /AR-/ }).first().click()
  await expect(list.getByText('by a controller (OpenDSR)')).toBeVisible()
  await expect(list.getByText(id)).toBeVisible()

  await page.getByRole('button', { name: 'Change Shop AG' }).click()
  await page.getByRole('menuitem', { name: 'Let it file no more' }).click()
  await page.getByRole('button', { name: 'End the requester' }).click()
  await expect(shop).toContainText('may file no more')
  expect((await fetch(`${base}/${id}`, { headers })).status).toBe(403)

  await page.getByRole('button', { name: 'Import a directory' }).click()
  const bring = page.getByRole('dialog', { name: 'Import a directory of agents' })
  const directory = JSON.stringify([{ id: 'EXAMPLE_AGENT', name: 'Example Agent', verify_key: verifyKey(), web_url: 'https://agent.example' }])
  await bring.locator('input[type="file"]').setInputFiles({ name: 'agents.json', mimeType: 'application/json', buffer: Buffer.from(directory) })
  await bring.getByRole('button', { name: 'Import the agents' }).click()
  await expect(bring.getByRole('status')).toContainText('Added: EXAMPLE_AGENT')
  await bring.getByRole('button', { name: 'Close' }).last().click()
  await expect(page.getByRole('region', { name: 'Example Agent' })).toContainText('not paired yet')
  await fitsEverybody(page, 'requesters')
})
