import { useQuery } from '@tanstack/react-query'

import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { roles } from '../words/cases'
import { word } from '../words/words'
import { call } from './calls'
import { useChooseTenant } from './chooseTenant'
import type { Session } from './contract'
import classes from './session.module.css'

/** Somebody who works for several companies says for which they come in. */
export function ChooseTenant({ next }: { next: string }) {
  const session = useQuery({ queryKey: ['session', 'choosing'], queryFn: () => call<Session>('GET', '/v1/session') })
  const choose = useChooseTenant(next)
  if (session.error) return <Failure error={session.error} retry={() => void session.refetch()} />
  if (!session.data) return <Waiting lines={3} />
  return (
    <ul className={classes.choices}>
      {session.data.memberships.map((m) => (
        <li key={m.tenant}>
          <button type="button" className={classes.choice} disabled={choose.isPending} onClick={() => choose.mutate(m.tenant)}>
            {m.name}<span className="dim">{word(roles, m.role)}</span>
          </button>
        </li>
      ))}
      {choose.error && <Failure error={choose.error} />}
    </ul>
  )
}
