import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import type { Method, SignInAnswer } from './contract'
import { ChooseTenant } from './ChooseTenant'
import { Door } from './Door'
import { Enrol } from './Enrol'
import { PasswordForm } from './PasswordForm'
import { SecondFactor } from './SecondFactor'
import { sessionQuery } from './session'

const route = getRouteApi('/sign-in')

/** The way in, step by step, as the server asks for it. */
export function SignInPage() {
  const { next } = route.useSearch()
  const queries = useQueryClient()
  const [stage, setStage] = useState<SignInAnswer['next']>()
  const [methods, setMethods] = useState<Method[]>([])
  const advance = (answer: SignInAnswer) => {
    setMethods(answer.methods ?? [])
    setStage(answer.next)
    if (answer.next !== 'done') return
    queries.removeQueries({ queryKey: sessionQuery.queryKey })
    window.location.assign(`/console${next ?? '/'}`)
  }
  switch (stage) {
    case 'code':
      return <Door title="Second step"><SecondFactor methods={methods} advance={advance} /></Door>
    case 'enrol':
      return <Door title="Add a second factor"><Enrol done={() => advance({ next: 'done' })} /></Door>
    case 'tenant':
      return <Door title="For whom?"><ChooseTenant next={`/console${next ?? '/'}`} /></Door>
    default:
      return <Door title="Sign in"><PasswordForm advance={advance} /></Door>
  }
}
