import { call, file, someone } from './world/api'
import { joinTenant, screen } from './world/people'
import { ownTenant } from './world/tenants'
import { expect, test } from './world/test'

test('somebody has what is owed in their calendar until they end it, and the letter of each morning while they want it', async ({ visit }) => {
  const { slug, key } = ownTenant('Bell Tower')
  const context = await visit()
  const [filed] = await Promise.all([file({}, someone('nora'), key), joinTenant(context, slug, 'agent')])
  const page = await screen(context, '/account')
  const make = async (what: string) => {
    await page.getByRole('button', { name: 'Make a calendar address' }).click()
    const dialog = page.getByRole('dialog', { name: 'Make a calendar address' })
    await dialog.getByRole('radio', { name: what }).check()
    await dialog.getByRole('button', { name: 'Make the address' }).click()
    const address = (await dialog.locator('code').innerText()).trim()
    await dialog.getByRole('button', { name: 'I have kept it' }).click()
    return address
  }
  const all = await make('All requests')
  const mine = await make('Requests assigned to you')

  const calendar = await fetch(all)
  expect(calendar.status).toBe(200)
  expect(calendar.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
  const text = (await calendar.text()).replaceAll('\r\n ', '')
  const { items: owed } = await call<{ items: { due: string }[] }>('GET', `/v1/requests/${filed.id}/obligations`, undefined, key)
  expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(owed.length)
  expect(text).toContain(`SUMMARY:${filed.reference}: `)
  for (const { due } of owed) expect(text).toContain(`DTSTART;VALUE=DATE:${new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Dublin' }).format(new Date(due)).replaceAll('-', '')}`)
  expect(text, 'it names nobody').not.toMatch(/Nora|Feld|Robin|@example/)
  expect(await (await fetch(mine)).text(), 'nothing is hers yet').not.toContain('BEGIN:VEVENT')

  await page.reload()
  await expect(page.getByRole('listitem').filter({ hasText: 'All requests' })).toContainText('last read')
  expect(await page.content(), 'the address is shown once').not.toContain(all)
  await page.getByRole('button', { name: 'End the calendar of all requests' }).click()
  await expect(page.getByRole('button', { name: 'End the calendar of all requests' })).toBeHidden()
  expect((await fetch(all)).status).toBe(404)
  expect((await fetch(mine)).status, 'the other one goes on').toBe(200)

  const letter = page.getByRole('switch', { name: 'A letter each working morning' })
  for (const on of [false, true]) {
    await expect(letter).toBeChecked({ checked: !on })
    const kept = page.waitForResponse((r) => r.url().endsWith('/digest') && r.ok())
    await letter.click()
    await kept
    await page.reload()
    await expect(letter).toBeChecked({ checked: on })
  }
})

test('what was sent with the secret of before a second step is sent again, and nobody is led out; a session that has ended is left', async ({ visit }) => {
  const { slug } = ownTenant('Turned Key')
  const context = await visit()
  await joinTenant(context, slug, 'dpo')
  const page = await screen(context, '/requests')
  await expect(page.getByRole('heading', { name: 'Requests', level: 1 })).toBeVisible()
  let refused = 0
  await page.route(/\/v1\/tasks\?/, async (route) => {
    if (refused++ > 0) return route.fallback()
    return route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify({ code: 'unauthenticated', title: 'Unauthorized', status: 401 }) })
  })
  await page.getByRole('link', { name: 'Tasks' }).click()
  await expect(page.getByRole('heading', { name: 'Tasks', level: 1 })).toBeVisible()
  await expect.poll(() => refused, 'it is asked for again').toBeGreaterThan(1)
  await expect(page).toHaveURL(/\/console\/tasks/)

  await page.route(/\/v1\/(requests|tasks)/, (route) => route.fulfill({ status: 401, contentType: 'application/problem+json', body: '{"code":"unauthenticated","status":401}' }))
  await page.reload()
  await expect(page.getByText('Your session has ended.')).toBeVisible()
})
