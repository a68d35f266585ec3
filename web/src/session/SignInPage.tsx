import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'

import { Failure } from '../page/Failure'
import { PasswordForm } from './PasswordForm'
import { sessionQuery } from './session'
import { WayIn } from './WayIn'

// What a sign-in at the company's provider came back with, and what to do.
const problems: Record<string, string> = {
  'declined': 'The sign-in at your company was broken off or declined. Try again.',
  'provider': 'Your company’s sign-in could not be reached, or gave an answer that cannot be trusted. Try again in a moment; if it stays so, tell your administrator.',
  'took-too-long': 'The sign-in at your company took too long, or was begun in another browser. Begin again here.',
  'unverified-email': 'Your company’s sign-in does not vouch for your e-mail address. Ask those who run it to verify the address.',
  'no-role': 'Your company’s account has no role here. Ask your administrator to give you one.',
  'other-account': 'There is an account here already that has not joined this company. Ask your administrator for an invitation, and accept it first.',
  'no-single-sign-on': 'This company has no single sign-on here. Sign in with your password, or ask your administrator.',
}

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { next, problem, ended } = route.useSearch()
  const session = useQuery(sessionQuery)
  if (session.isPending) return null
  const stage = session.data?.stage
  return <WayIn title="Sign in" next={next} begun={stage === 'done' ? undefined : stage}>{(advance) => (
    <>
      {ended && !problem && <p role="status">Your session has ended. Sign in again, and you go on where you were.</p>}
      {problem && <Failure error={new Error(problems[problem] ?? 'The sign-in there did not succeed. Try again, or sign in with your password.')} />}
      <PasswordForm advance={advance} />
    </>
  )}</WayIn>
}
