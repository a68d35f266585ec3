import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'

import { api, held } from '../api/client'
import { Failure } from '../page/Failure'
import { useStaff } from '../requests/staff'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { decided } from '../words/erasures'
import { word } from '../words/words'
import classes from './erasure.module.css'
import type { Decision } from './queries'

/** A decision on a collection; it can be taken back while the plan is under review. */
export function Decided({ request, decision: d, open }: { request: string; decision: Decision; open: boolean }) {
  const may = useMay()
  const { nameOf } = useStaff()
  const queries = useQueryClient()
  const back = useMutation({
    mutationFn: () => held(api.DELETE('/v1/requests/{id}/erasure/decisions/{decision}', { params: { path: { id: request, decision: d.id } } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['request', request] }),
  })
  return (
    <div>
      <p>
        <strong>{word(decided, d.kind)}</strong>{d.citation && ` (${d.citation})`}{d.reason && `: ${d.reason}`}
        <span className="dim"> {nameOf(d.by) ?? 'A member of staff'}, <Ago at={d.at} /></span>
      </p>
      {open && may('remove-plan-decision') && <div className={classes.acts}><Button size="compact-xs" variant="subtle" loading={back.isPending} onClick={() => back.mutate()} aria-label={`Take it back: what was decided on ${d.collection}`}>Take it back</Button></div>}
      {back.error && <Failure error={back.error} />}
    </div>
  )
}
