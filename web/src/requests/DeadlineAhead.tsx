import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items } from '../api/client'
import { Failure } from '../page/Failure'
import { useZone } from '../session/session'
import { longDayOf } from '../time/moment'
import { obligations, rights } from '../words/cases'
import { word } from '../words/words'
import classes from './new.module.css'

interface Props {
  regime: string
  rights: string[]
  received: string
}

/** What will be owed and by when, with the rule, before the request is filed. */
export function DeadlineAhead({ regime, rights: asked, received }: Props) {
  const [opened] = useState(() => new Date().toISOString())
  const at = received ? new Date(received).toISOString() : opened
  return (
    <div className={classes.ahead} aria-live="polite">
      {asked.map((right) => <OneAhead key={right} regime={regime} right={right} at={at} named={asked.length > 1} />)}
    </div>
  )
}

function OneAhead({ regime, right, at, named }: { regime: string; right: string; at: string; named: boolean }) {
  const zone = useZone()
  const answer = useQuery({
    queryKey: ['explain', regime, right, at],
    queryFn: () => held(api.POST('/v1/policies/{id}/explain', { params: { path: { id: regime } }, body: { right: right as 'access', received: at } })),
    staleTime: Infinity,
    placeholderData: (old) => old,
  })
  if (answer.error) return <Failure error={answer.error} />
  const dates = items(answer.data)
  const main = dates.find((d) => d.kind === 'respond') ?? dates[0]
  return (
    <div className={classes.one}>
      {!main && <p className={classes.owed}>Working out what will be owed …</p>}
      {main && (
        <>
          <p className={classes.owed}>{named && `${word(rights, right)}: `}{named ? word(obligations, main.kind).toLowerCase() : word(obligations, main.kind)} by <strong className="tabular">{longDayOf(main.due, zone)}</strong></p>
          <p className={classes.steps}>{(main.explanation.steps ?? []).map((s) => s.text).join('; ')}. {main.citation.text}</p>
          {dates.length > 1 && (
            <p className={classes.steps}>
              {dates.filter((d) => d !== main).map((d) => `${word(obligations, d.kind)}: ${longDayOf(d.due, zone)} (${d.citation.text})`).join(' · ')}
            </p>
          )}
        </>
      )}
    </div>
  )
}
