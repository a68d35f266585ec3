import { command, file, stands } from './world/api'
import { joinCompany, screen } from './world/people'
import { expect, test } from './world/test'

// An event is told within a second of its commit, and screens gather for less than half of one.
const soon = { timeout: 3_000 }

test('what one person does, another sees without loading anew, and keeps what they have chosen', async ({ visit }) => {
  const [ines, jonas] = await Promise.all([visit(), visit()])
  const filed = await file()
  await Promise.all([joinCompany(ines, 'agent'), joinCompany(jonas, 'agent'), stands(filed.id, 'verifying')])
  const watching = await screen(ines, `/requests/${filed.id}`)
  const acting = await screen(jonas, `/requests/${filed.id}`)
  await watching.getByRole('tab', { name: 'Notes' }).click()
  await expect(watching.getByRole('button', { name: 'Confirm the identity' })).toBeVisible()
  await watching.evaluate(() => Object.assign(window, { neverLoadedAnew: true }))
  const chosen = watching.getByRole('region', { name: 'Requests' }).getByRole('link', { name: new RegExp(filed.reference) })
  await expect(chosen).toHaveAttribute('aria-current', 'page')

  await acting.getByRole('button', { name: 'Confirm the identity' }).click()
  const dialog = acting.getByRole('dialog')
  await dialog.getByLabel('Note for the file').fill('Seen at the desk.')
  await dialog.getByRole('button', { name: 'Confirm the identity' }).click()
  await expect(dialog).toBeHidden()
  await expect(watching.getByRole('button', { name: 'Confirm the identity' })).toBeHidden(soon)

  const later = await file()
  await expect(watching.getByRole('button', { name: /new above\. Show/ })).toBeVisible(soon)
  await expect(watching.getByRole('region', { name: 'Requests' }).getByText(later.reference), 'a new row waits until it is asked for').toHaveCount(0)
  await expect(chosen).toHaveAttribute('aria-current', 'page')
  await expect(watching.getByRole('tab', { name: 'Notes' })).toHaveAttribute('aria-selected', 'true')
  await watching.getByRole('button', { name: /new above\. Show/ }).click()
  await expect(watching.getByRole('region', { name: 'Requests' }).getByText(later.reference)).toBeVisible()
  expect(await watching.evaluate(() => 'neverLoadedAnew' in window)).toBe(true)
})

test('a note of a colleague moves the request on for whoever has the list open', async ({ visit }) => {
  const context = await visit()
  const filed = await file()
  await Promise.all([joinCompany(context, 'agent'), stands(filed.id, 'verifying')])
  const page = await screen(context, '/requests')
  const row = page.getByRole('row', { name: new RegExp(filed.reference) })
  await expect(row).toContainText('Proving identity')
  await command(filed.id, 'cancel', { note: 'Filed twice.' })
  await expect(row).toContainText('Cancelled', soon)
})
