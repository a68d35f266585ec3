import { Facts } from '../page/Facts'
import { Page } from '../page/Page'
import { Panel } from '../page/Panel'
import { useSession } from '../session/session'
import { roles } from '../words/cases'
import { word } from '../words/words'
import { AuthenticatorApp } from './AuthenticatorApp'
import { Passkeys } from './Passkeys'
import { Notices } from './Notices'
import { Password } from './Password'
import { Recovery } from './Recovery'
import { Sessions } from './Sessions'

/** What somebody signs in with, where they are signed in, and what reaches them. */
export function AccountPage() {
  const { account, role, tenant } = useSession()
  return (
    <Page title="Your account" narrow>
      <Panel title="You"><Facts facts={[['Name', account.name], ['E-mail', account.email], ['Role', `${word(roles, role)}${tenant ? `, ${tenant.name}` : ''}`]]} /></Panel>
      <Notices />
      <Password />
      <AuthenticatorApp />
      <Passkeys />
      <Recovery />
      <Sessions />
    </Page>
  )
}
