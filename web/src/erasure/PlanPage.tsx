import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { IconArrowLeft } from '@tabler/icons-react'

import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import page from '../page/page.module.css'
import { Printed } from '../page/Printed'
import { Waiting } from '../page/Waiting'
import { requestQuery } from '../request/queries'
import { planStates } from '../words/erasures'
import { word } from '../words/words'
import { After } from './After'
import { Plan } from './Plan'
import { erasureQuery } from './queries'
import { Run } from './Run'

/** The plan of an erasure by itself, as it is read at length and printed. */
export function PlanPage() {
  const { id } = useParams({ from: '/inside/requests/$id/plan' })
  const request = useQuery(requestQuery(id))
  const erasure = useQuery(erasureQuery(id))
  const back = <Link to="/requests/$id" params={{ id }} className={`${page.back ?? ''} screen-only`}><IconArrowLeft size={16} aria-hidden /> {request.data?.reference ?? 'The request'}</Link>
  const failed = request.error ?? erasure.error
  if (failed) return <Page title="Plan of erasure" back={back}><Failure error={failed} retry={() => { void request.refetch(); void erasure.refetch() }} /></Page>
  if (!request.data || erasure.data === undefined) return <Page title="Plan of erasure" back={back}><Waiting lines={14} /></Page>
  const { reference } = request.data
  if (erasure.data === null) return <Page title={`Plan of erasure ${reference}`} back={back}><p>There is no plan yet. It is made when every system was counted.</p></Page>
  return (
    <Page title={`Plan of erasure ${reference}`} back={back} lead={`${word(planStates, erasure.data.state)}.`} actions={<Button variant="default" onClick={() => window.print()}>Print the plan</Button>}>
      <Printed what={`Plan of erasure ${reference}, SHA-256 ${erasure.data.sha256}`} />
      <Run id={id} erasure={erasure.data} />
      <After id={id} erasure={erasure.data} />
      {erasure.data.state === 'done' && <h2 className={page.panelTitle}>What was approved</h2>}
      <Plan detail={request.data} erasure={erasure.data} alone />
    </Page>
  )
}
