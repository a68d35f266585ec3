import type { Page } from '@playwright/test'

/** Answers the dialog that asks for the second factor. */
export async function prove(page: Page, code: string) {
  const dialog = page.getByRole('dialog', { name: 'Prove that it is you' })
  await dialog.getByLabel(/^Code of your authenticator app/).fill(code)
  await dialog.getByRole('button', { name: 'Go on' }).click()
}

/** A code that is another one. */
export const wrong = (code: string) => code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))
