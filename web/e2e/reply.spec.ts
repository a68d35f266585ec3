import { reviewed } from './world/api'
import { join, screen } from './world/people'
import { expect, test } from './world/test'
import { Visitor } from './world/visitor'

test('a data protection officer asks a question, the clock waits for the person’s answer and runs again by it', async ({ visit }) => {
  const [context, outside] = await Promise.all([visit(), visit({ javaScriptEnabled: false })])
  const [filed] = await Promise.all([reviewed(), join(context, 'dpo')])
  const page = await screen(context, `/requests/${filed.id}`)
  await page.getByRole('tab', { name: /^Conversation/ }).click()
  await page.getByLabel('It is a question that the request waits for').check()
  await page.getByLabel('Your question to the person').fill('Which of your two accounts do you mean?')
  await page.getByRole('button', { name: 'Ask the person' }).click()
  await expect(page.getByText('It is on its way.')).toBeVisible()
  await expect(page.getByText(/The clock is paused since/)).toBeVisible()
  const answerOwed = page.getByRole('region', { name: 'What is owed' }).getByRole('group').filter({ hasText: 'Answer the request' })
  await expect(answerOwed.locator('summary')).toContainText('paused,')

  const messages = await new Visitor(outside, filed.email).messages()
  await expect(messages.getByText('Which of your two accounts do you mean?')).toBeVisible()
  await messages.getByLabel('Write to us').fill('The one with the blue card.')
  await messages.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(messages.getByText('We have your message.')).toBeVisible()

  await expect(page.getByText(/The clock is paused since/)).toBeHidden()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('In review')
  await expect(answerOwed.locator('summary')).not.toContainText('paused,')
  await answerOwed.click()
  await expect(answerOwed.getByText('Set anew: the clock runs again').first()).toBeVisible()
  await page.getByRole('button', { name: 'Read the conversation' }).click()
  const answer = page.getByRole('listitem').filter({ hasText: 'The one with the blue card.' })
  await expect(answer).toContainText(/^The person, an answer, .*, not read yet/)
  await page.getByRole('button', { name: 'I have read it' }).click()
  await expect(answer).not.toContainText('not read yet')
  await expect(page.getByRole('button', { name: 'I have read it' })).toBeHidden()
})
