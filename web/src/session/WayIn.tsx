import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'

import { ChooseTenant } from './ChooseTenant'
import type { Method, Next, SignInAnswer } from './contract'
import { Door } from './Door'
import { Enrol } from './Enrol'
import { SecondFactor } from './SecondFactor'
import { sessionQuery } from './session'

interface Props {
  title: string
  /** Where it leads, within the console. */
  next?: string
  /** Where a sign-in stands that was begun before. */
  begun?: Next
  children: (advance: (answer: SignInAnswer) => void) => ReactNode
}

/** The way in, step by step, as the server asks for it. The page is loaded anew at the end: nothing was read before. */
export function WayIn({ title, next = '/', begun, children }: Props) {
  const queries = useQueryClient()
  const [stage, setStage] = useState(begun)
  const [methods, setMethods] = useState<Method[]>(begun ? ['totp', 'passkey', 'recovery'] : [])
  const inside = `/console${next}`
  const advance = (answer: SignInAnswer) => {
    setMethods(answer.methods ?? [])
    setStage(answer.next)
    if (answer.next !== 'done') return
    queries.removeQueries({ queryKey: sessionQuery.queryKey })
    window.location.assign(inside)
  }
  switch (stage) {
    case 'code':
      return <Door title="Second step"><SecondFactor methods={methods} advance={advance} /></Door>
    case 'enrol':
      return <Door title="Add a second factor"><Enrol done={() => advance({ next: 'done' })} /></Door>
    case 'tenant':
      return <Door title="For whom?"><ChooseTenant next={inside} /></Door>
    default:
      return <Door title={title}>{children(advance)}</Door>
  }
}
