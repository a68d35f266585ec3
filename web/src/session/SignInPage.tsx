import { getRouteApi } from '@tanstack/react-router'

import { PasswordForm } from './PasswordForm'
import { WayIn } from './WayIn'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { next } = route.useSearch()
  return <WayIn title="Sign in" next={next}>{(advance) => <PasswordForm advance={advance} />}</WayIn>
}
