import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'

import { PasswordForm } from './PasswordForm'
import { sessionQuery } from './session'
import { WayIn } from './WayIn'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { next } = route.useSearch()
  const session = useQuery(sessionQuery)
  if (session.isPending) return null
  const stage = session.data?.stage
  return <WayIn title="Sign in" next={next} begun={stage === 'done' ? undefined : stage}>{(advance) => <PasswordForm advance={advance} />}</WayIn>
}
