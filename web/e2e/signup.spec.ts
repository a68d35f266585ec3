import { someone } from './world/api'
import { fitsEverybody } from './world/axe'
import { countMails, mailed } from './world/mail'
import { scan, Sender, words } from './world/sender'
import { expect, test } from './world/test'

const confirmLink = /(http\S+\/c\/[\w-]+)/

test.describe('a reader without JavaScript', () => {
  test('signs up on the company’s own page, confirms from their mailbox, and ends it by the link of the welcome', async ({ visit }) => {
    const sender = await new Sender().open()
    await sender.forms('news')
    const email = someone('subscriber')
    const page = await (await visit({ javaScriptEnabled: false })).newPage()
    const html = await sender.snippet('news')
    await page.setContent(`<!doctype html><html lang="en"><title>Shop</title>${html}</html>`)
    await expect(page.getByText(words.news?.[1] ?? '')).toBeVisible()
    await page.getByLabel('Your e-mail address').fill(email)
    await page.getByRole('button', { name: 'Sign up' }).click()
    await expect(page.getByRole('heading', { name: 'Look into your mailbox' })).toBeVisible()

    const link = await mailed(email, confirmLink)
    expect(await sender.may('news', email)).toBe('unconfirmed')
    await page.goto(link)
    await expect(page.getByRole('heading', { name: 'Was it you?' })).toBeVisible()
    await expect(page.getByText(words.news?.[1] ?? '')).toBeVisible()
    await page.getByRole('button', { name: 'Yes, I want this' }).click()
    await expect(page.getByRole('heading', { name: 'It is confirmed' })).toBeVisible()
    expect(await sender.may('news', email)).toBe('confirmed')
    await page.goto(link)
    await expect(page.getByRole('heading', { name: 'It is confirmed' })).toBeVisible()

    await page.goto(await mailed(email, /(http\S+\/u\/[\w-]+)/))
    await page.getByRole('button', { name: 'Stop these messages' }).click()
    await expect(page.getByRole('heading', { name: 'It is done' })).toBeVisible()
    expect(await sender.may('news', email)).toBe('withdrawn')
  })

  test('is told what is missing, chooses, and says in the end that it was somebody else', async ({ visit }) => {
    const sender = await new Sender().open()
    const form = await sender.forms('news', 'offers')
    const email = someone('stranger')
    const page = await (await visit({ javaScriptEnabled: false })).newPage()
    await page.goto(`${form}?lang=de`)
    await page.getByLabel('Ihre E-Mail-Adresse').fill(email)
    await page.getByRole('button', { name: 'Eintragen' }).click()
    await expect(page.getByRole('alert')).toContainText('Wählen Sie mindestens eines.')
    await expect(page.getByLabel('Ihre E-Mail-Adresse')).toHaveValue(email)
    await page.getByRole('checkbox', { name: 'Offers for members (deutsch)' }).check()
    await page.getByRole('button', { name: 'Eintragen' }).click()
    await expect(page.getByRole('heading', { name: 'Sehen Sie in Ihr Postfach' })).toBeVisible()

    await page.goto(await mailed(email, confirmLink))
    await expect(page.locator('html')).toHaveAttribute('lang', 'de')
    await page.getByRole('button', { name: 'Ich habe nicht darum gebeten' }).click()
    await expect(page.getByRole('heading', { name: 'Danke für die Rückmeldung' })).toBeVisible()
    expect(await sender.may('offers', email)).toBe('withdrawn')
    await page.goto(`${form}?lang=de`)
    await page.getByLabel('Ihre E-Mail-Adresse').fill(email)
    await page.getByRole('checkbox', { name: 'News from the harbour (deutsch)' }).check()
    await page.getByRole('button', { name: 'Eintragen' }).click()
    await expect(page.getByRole('heading', { name: 'Sehen Sie in Ihr Postfach' }), 'whoever enters it learns nothing of that').toBeVisible()
    expect(await countMails(email, confirmLink)).toBe(1)
  })
})

test('a program that opens every link of the letter confirms nothing', async ({ visit }) => {
  const sender = await new Sender().open()
  const form = await sender.forms('news')
  const email = someone('scanned')
  const page = await (await visit()).newPage()
  await page.goto(`${form}?lang=en`)
  await page.getByLabel('Your e-mail address').fill(email)
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expect(page.getByRole('heading', { name: 'Look into your mailbox' })).toBeVisible()
  const link = await mailed(email, confirmLink)
  expect(await scan(page, [link])).toBeGreaterThan(3)
  expect(await sender.may('news', email)).toBe('unconfirmed')
})

test('the pages of signing up can be read and used by everybody', async ({ visit }) => {
  test.setTimeout(180_000)
  const sender = await new Sender().open()
  const form = await sender.forms('news', 'offers')
  const email = someone('reader')
  const page = await (await visit()).newPage()
  await page.goto(`${form}?lang=en`)
  await fitsEverybody(page, 'sign-up')
  await page.getByRole('button', { name: 'Sign up' }).click()
  await fitsEverybody(page, 'sign-up, with faults')
  await page.getByLabel('Your e-mail address').fill(email)
  await page.getByRole('checkbox', { name: 'News from the harbour' }).check()
  await page.getByRole('button', { name: 'Sign up' }).click()
  await fitsEverybody(page, 'look into your mailbox')
  await page.goto(await mailed(email, confirmLink))
  await fitsEverybody(page, 'confirm')
  await page.getByRole('button', { name: 'Yes, I want this' }).click()
  await fitsEverybody(page, 'confirmed')
})
