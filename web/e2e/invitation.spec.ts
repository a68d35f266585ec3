import { someone } from './world/api'
import { invitationLink, mailed } from './world/mail'
import { joinTenant, newPassword, screen, signIn, signOut } from './world/people'
import { strict } from './world/tenants'
import { expect, test } from './world/test'
import { totp } from './world/totp'

test.describe('an administrator invites somebody', () => {
  for (const factor of ['an authenticator app', 'a passkey'] as const) {
    test(`who comes in with a password and ${factor}`, async ({ visit }) => {
      const admin = await visit()
      await joinTenant(admin, strict, 'admin', true)
      const email = someone('mina')
      const people = await screen(admin, '/settings/people')
      await people.getByRole('button', { name: 'Invite somebody' }).click()
      const invite = people.getByRole('dialog', { name: 'Invite somebody' })
      await invite.getByLabel('Name').fill('Mina Hoff')
      await invite.getByLabel('E-mail').fill(email)
      await invite.getByRole('button', { name: 'Invite', exact: true }).click()
      await expect(people.getByRole('row', { name: new RegExp(email) })).toContainText('Invited')

      const context = await visit()
      const page = await context.newPage()
      const password = newPassword()
      await page.goto(await mailed(email, invitationLink))
      await expect(page.getByRole('heading', { name: 'Welcome to Stone Gate' })).toBeVisible()
      expect(page.url(), 'the token leaves the address at once').not.toContain('#')
      await page.getByLabel('Your name').fill('Mina Hoff')
      await page.getByRole('textbox', { name: 'A new password' }).fill(password)
      await page.getByRole('button', { name: 'Accept the invitation' }).click()
      await expect(page.getByRole('heading', { name: 'Add a second factor' })).toBeVisible()

      if (factor === 'a passkey') {
        const device = await context.newCDPSession(page)
        await device.send('WebAuthn.enable')
        await device.send('WebAuthn.addVirtualAuthenticator', {
          options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
        })
        await page.getByRole('button', { name: 'Add a passkey instead' }).click()
        await expect(page.getByRole('heading', { name: 'Docket' })).toBeVisible()
        await signOut(page)
        await signIn(page, { email, password })
        await page.getByRole('button', { name: 'Use a passkey' }).click()
        await expect(page.getByRole('heading', { name: 'Docket' })).toBeVisible()
        await signOut(page)
        await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
        await expect(page.getByRole('heading', { name: 'Docket' })).toBeVisible()
        return
      }
      const secret = (await page.locator('code').innerText()).trim()
      const used = totp(secret)
      await page.getByLabel('Code of the app').fill(used)
      await page.getByRole('button', { name: 'Add the app' }).click()
      await expect(page.getByRole('listitem')).toHaveCount(10)
      const recovery = await page.getByRole('listitem').first().innerText()
      await expect(page.getByRole('button', { name: 'Go on' })).toBeDisabled()
      await page.getByLabel('I have kept them').check()
      await page.getByRole('button', { name: 'Go on' }).click()
      await expect(page.getByRole('heading', { name: 'Docket' })).toBeVisible()
      await signOut(page)

      await signIn(page, { email, password })
      await expect(page.getByRole('heading', { name: 'Second step' })).toBeVisible()
      await page.getByLabel('Code of your authenticator app').fill(used) // each is good once
      await page.getByRole('button', { name: 'Go on' }).click()
      await expect(page.getByRole('alert')).toBeVisible()
      await page.getByLabel('Code of your authenticator app').fill(totp(secret, 1))
      await page.getByRole('button', { name: 'Go on' }).click()
      await expect(page.getByRole('heading', { name: 'Docket' })).toBeVisible()
      await signOut(page)

      await signIn(page, { email, password })
      await page.getByRole('button', { name: 'I don’t have the app with me' }).click()
      await page.getByLabel('Recovery code').fill(recovery)
      await page.getByRole('button', { name: 'Go on' }).click()
      await expect(page.getByRole('heading', { name: 'Docket' })).toBeVisible()
      await page.goto('/console/account')
      await expect(page.getByText(/^9 codes left/)).toBeVisible()
    })
  }
})
