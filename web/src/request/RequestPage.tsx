import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'

import { items } from '../api/client'
import { asProblem } from '../api/problem'
import { correctionsQuery } from '../corrections/queries'
import { decisionQuery } from '../decisions/queries'
import { After } from '../erasure/After'
import { erasureQuery, planned, recipientsQuery } from '../erasure/queries'
import { Run } from '../erasure/Run'
import { Failure } from '../page/Failure'
import { Page, useTitle } from '../page/Page'
import { Printed } from '../page/Printed'
import { Waiting } from '../page/Waiting'
import { useMay, useSession } from '../session/session'
import { useConnection } from '../shell/live'
import { workOf } from '../words/cases'
import type { Standing } from './commands/allowed'
import { versionOf } from './commands/rules'
import { CaseTasks } from './CaseTasks'
import { File } from './File'
import { Head } from './Head'
import { Owed } from './Owed'
import { Particulars } from './Particulars'
import { Person } from './Person'
import { Progress } from './Progress'
import { documentsQuery, owedQuery, pace, packagesQuery, progressQuery, regimeQuery, requestLimitsQuery, requestQuery } from './queries'
import classes from './request.module.css'

/** One request on one screen: who, what is owed, what happened, what can be done now. */
export function RequestPage() {
  const { id } = useParams({ from: '/inside/requests/$id' })
  const told = useConnection() === 'live'
  const request = useQuery({ ...requestQuery(id), refetchInterval: (q) => pace(q.state.data?.state, told) })
  const moving = pace(request.data?.state, told)
  const owed = useQuery({ ...owedQuery(id), refetchInterval: moving })
  const progress = useQuery({ ...progressQuery(id), refetchInterval: pace(request.data?.state, told && request.data?.state !== 'collecting') }) // no event counts rows
  const packages = useQuery({ ...packagesQuery(id), refetchInterval: moving })
  const documents = useQuery(documentsQuery(id))
  const plan = useQuery({ ...erasureQuery(id), enabled: !!request.data && planned(request.data), refetchInterval: moving })
  const limits = useQuery({ ...requestLimitsQuery(id), enabled: changesSystems(request.data), refetchInterval: moving })
  const corrections = useQuery({ ...correctionsQuery(id), enabled: false }) // it is there once somebody has asked for it, on the part of its own
  const decision = useQuery({ ...decisionQuery(id), enabled: false }) // likewise
  const recipients = useQuery({ ...recipientsQuery(id), enabled: tells(request.data, plan.data) })
  const may = useMay()
  const { staff_id: me } = useSession()
  const regime = useQuery({ ...regimeQuery(request.data?.regime ?? ''), enabled: !!request.data && may('get-policy') })
  useTitle(request.data?.reference ?? 'Request')
  if (request.error) return <Missing error={request.error} retry={() => void request.refetch()} />
  if (!request.data) return <div className={classes.page}><Waiting lines={14} /></div>
  const at: Standing = {
    detail: request.data,
    regime: versionOf(request.data, regime.data && items(regime.data)),
    systems: progress.data?.systems ?? [],
    packages: items(packages.data),
    owed: items(owed.data),
    documents: items(documents.data),
    erasure: planned(request.data) ? (plan.data ?? undefined) : undefined,
    limits: limits.data,
    corrections: corrections.data,
    decision: decision.data,
    round: progress.data?.round,
    recipients: recipients.data,
    me,
  }
  return (
    <article className={classes.page} key={id}>
      <Printed what={request.data.reference} />
      <Head at={at} />
      <div className={classes.columns}>
        <div className={classes.side}>
          <Owed answer={owed} id={id} />
          <Person id={id} />
          <Particulars at={at} />
        </div>
        <div className={classes.main}>
          <CaseTasks at={at} />
          {at.erasure ? <><Run id={id} erasure={at.erasure} /><After id={id} erasure={at.erasure} /></> : <Progress answer={progress} right={at.detail.right} />}
          <File at={at} />
        </div>
      </div>
    </article>
  )
}

function changesSystems(detail: Standing['detail'] | undefined): boolean {
  return !!detail && ['limits', 'corrections'].includes(workOf(detail.right))
}

/** Whether others may have to hear of what was done (Art. 19 GDPR). */
function tells(detail: Standing['detail'] | undefined, plan: Standing['erasure'] | null): boolean {
  return plan?.state === 'done' || !!detail && ['rectification', 'restriction'].includes(detail.right) && detail.state === 'closed' && detail.outcome === 'fulfilled'
}

function Missing({ error, retry }: { error: unknown; retry: () => void }) {
  if (asProblem(error).status === 404) {
    return <Page title="There is no such request" narrow lead="The address may have been cut off when it was copied, or the request belongs to another tenant."><Link to="/requests" search={true}>Go to the requests</Link></Page>
  }
  return <Page title="Request" narrow><Failure error={error} retry={retry} /></Page>
}
