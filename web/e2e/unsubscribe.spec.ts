import { fitsEverybody } from './world/axe'
import { scan, Sender, words } from './world/sender'
import { stack } from './world/stack'
import { expect, test } from './world/test'

test.describe('a reader without JavaScript', () => {
  test('ends a newsletter with one press, reads that it is over, and takes it back', async ({ visit }) => {
    const sender = await new Sender().open()
    const { unsubscribe } = await sender.links()
    const page = await (await visit({ javaScriptEnabled: false })).newPage()
    const shown = await page.goto(unsubscribe)
    expect(shown?.headers()['referrer-policy']).toBe('no-referrer')
    expect(shown?.headers()['cache-control']).toBe('no-store')
    await expect(page.getByText('News from the harbour (by e-mail)')).toBeVisible()
    await page.getByLabel('Why?').selectOption({ label: 'There are too many' })
    await page.getByRole('button', { name: 'Stop these messages' }).click()
    await expect(page.getByRole('heading', { name: 'It is done' })).toBeVisible()
    await expect(page.getByRole('status')).toContainText('Ended: News from the harbour (by e-mail), since')
    expect(await sender.may('news')).toBe('withdrawn')
    expect(await sender.may('offers')).toBe('confirmed')

    await expect(page.getByText(words.news?.[1] ?? ''), 'the words that one agrees to').toBeVisible()
    await page.getByRole('button', { name: 'Take it back' }).click()
    await expect(page.getByRole('status')).toContainText('You have agreed again to: News from the harbour (by e-mail).')
    expect(await sender.may('news')).toBe('confirmed')

    await page.goto(unsubscribe)
    await page.getByRole('button', { name: 'Stop everything' }).click()
    await expect(page.getByRole('status')).toContainText('Ended: all messages, since')
    expect(await sender.may('news')).toBe('withdrawn')
    expect(await sender.may('offers')).toBe('withdrawn')
    await page.goto(unsubscribe)
    await expect(page.getByRole('heading', { name: 'These messages have ended' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Stop these messages' })).toHaveCount(0)
  })

  test('chooses what they get, how often and in which language, and finds it so again', async ({ visit }) => {
    const sender = await new Sender().open()
    const { unsubscribe } = await sender.links()
    const page = await (await visit({ javaScriptEnabled: false })).newPage()
    await page.goto(unsubscribe)
    await page.getByRole('link', { name: 'Choose what you get' }).click()
    await expect(page.getByRole('heading', { name: 'What you get from Harbour Goods' })).toBeVisible()
    const of = (title: string) => page.getByRole('group', { name: title }).getByRole('checkbox')
    await expect(of('News from the harbour')).toBeChecked()
    await expect(of('What is read')).not.toBeChecked()
    await of('News from the harbour').uncheck()
    await of('What is read').check()
    await page.getByLabel('At most once a month').check()
    await page.getByLabel('Pause everything').selectOption({ label: 'For 60 days' })
    await page.getByLabel('Your language').selectOption({ label: 'Deutsch' })
    await page.getByRole('button', { name: 'Save', exact: true }).click()

    await expect(page.locator('html')).toHaveAttribute('lang', 'de')
    await expect(page.getByRole('status')).toContainText('Gespeichert. Es gilt ab jetzt.')
    await expect(page.getByText(/^Pausiert: Vor dem/)).toBeVisible()
    expect(await sender.may('offers')).toBe('paused')
    expect(await sender.may('news')).toBe('withdrawn')
    const kept = await sender.person()
    expect(kept.preferences[0]).toMatchObject({ frequency: 'monthly' })

    const { preferences } = await sender.links('offers')
    await page.goto(preferences)
    await expect(page.locator('html'), 'their language').toHaveAttribute('lang', 'de')
    await expect(of('News from the harbour (deutsch)')).not.toBeChecked()
    await expect(of('Offers for members (deutsch)')).toBeChecked()
    await expect(of('What is read (deutsch)')).toBeChecked()
    await expect(page.getByLabel('Höchstens einmal im Monat')).toBeChecked()
    await page.getByLabel('Alles pausieren').selectOption({ label: 'Die Pause jetzt beenden' })
    await page.getByRole('button', { name: 'Speichern', exact: true }).click()
    await expect(page.getByText(/^Pausiert:/)).toHaveCount(0)
    expect(await sender.may('offers')).toBe('confirmed')
  })
})

test('a program that opens every link of every page changes nothing', async ({ visit }) => {
  const sender = await new Sender().open()
  const links = await sender.links()
  const page = await (await visit()).newPage()
  const before = await sender.person()
  expect(await scan(page, [links.unsubscribe, links.preferences])).toBeGreaterThan(8)
  expect(await sender.person()).toEqual(before)
  expect(await sender.may('news')).toBe('confirmed')
})

test('a mailbox provider ends it by one POST, and a link that is none tells nothing', async ({ visit }) => {
  const sender = await new Sender().open()
  const { unsubscribe } = await sender.links()
  const page = await (await visit()).newPage()
  for (const options of [{ multipart: { 'List-Unsubscribe': 'One-Click' } }, { form: { 'List-Unsubscribe': 'One-Click' } }]) {
    const answer = await page.request.post(unsubscribe, { ...options, maxRedirects: 0 })
    expect(answer.status()).toBe(200)
    expect(answer.headers()['set-cookie']).toBeUndefined()
  }
  expect(await sender.may('news')).toBe('withdrawn')
  expect((await sender.person()).events.filter((e) => e.kind === 'withdrawn')).toHaveLength(1)

  const texts = new Set<string>()
  for (const forged of [`${unsubscribe.slice(0, -1)}x`, unsubscribe.slice(0, -3), `${stack.url}/u/none`, unsubscribe.replace('/u/', '/p/')]) {
    const answer = await page.goto(forged)
    expect(answer?.status()).toBe(404)
    texts.add(await page.locator('main').innerText())
  }
  expect(texts.size, 'one answer to all').toBe(1)
})

test('the pages of people’s own links can be read and used by everybody', async ({ visit }) => {
  test.setTimeout(180_000)
  const sender = await new Sender().open()
  const links = await sender.links()
  const page = await (await visit()).newPage()
  await page.goto(links.unsubscribe)
  await fitsEverybody(page, 'unsubscribe')
  await page.getByRole('button', { name: 'Stop these messages' }).click()
  await fitsEverybody(page, 'ended')
  await page.goto(links.preferences)
  await fitsEverybody(page, 'choices')
  await page.getByLabel('Pause everything').selectOption({ label: 'For 30 days' })
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('status')).toContainText('Saved.')
  await fitsEverybody(page, 'choices, saved and paused')
  await page.goto(`${stack.url}/u/none`)
  await fitsEverybody(page, 'a link that does not work')
})
