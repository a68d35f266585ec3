import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'

import { items, type Schemas } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import rows from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { datasetsQuery, systemsQuery } from './queries'
import { ResumeAll, StopButton, Stopped } from './Stop'

const WholeGraph = lazy(() => import('./WholeGraph').then((m) => ({ default: m.WholeGraph })))
const NewSystem = lazy(() => import('./NewSystem').then((m) => ({ default: m.NewSystem })))

/** Where personal data lies. */
export function SystemsPage() {
  const may = useMay()
  const [adding, add] = useDisclosure(false)
  const answer = useQuery(systemsQuery)
  const datasets = useQuery({ ...datasetsQuery, enabled: may('list-datasets') })
  const systems = answer.data && items(answer.data)
  const button = may('create-system') && <Button onClick={add.open}>Add a system</Button>
  return (
    <Page title="Systems" lead="Where personal data lies, and what is read for a request." actions={<>{systems && systems.some((s) => !s.stop) && <StopButton />}{button}</>}>
      {systems?.map((s) => <Stopped key={s.id} system={s} />)}
      {systems && <ResumeAll systems={systems} />}
      {answer.isPending && <Waiting lines={4} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {systems?.length === 0 && <Empty title="No systems yet" action={button}>Until one is here, requests find nothing: add each database that holds data of people.</Empty>}
      {systems && systems.length > 0 && <Table systems={systems} datasets={items(datasets.data)} />}
      {may('get-graph') && systems && systems.length > 0 && <div style={{ marginTop: 32 }}><Suspense fallback={<Waiting lines={8} />}><WholeGraph /></Suspense></div>}
      <Suspense>{adding && <NewSystem onClose={add.close} />}</Suspense>
    </Page>
  )
}

function Table({ systems, datasets }: { systems: Schemas['SystemView'][]; datasets: Schemas['DatasetLine'][] }) {
  const navigate = useNavigate()
  return (
    <table className={rows.table}>
      <thead><tr><th scope="col">System</th><th scope="col">Key</th><th scope="col">Kind</th><th scope="col">Address</th><th scope="col">Datasets</th><th scope="col">State</th></tr></thead>
      <tbody>
        {systems.map((s) => (
          <tr key={s.id} className={rows.row} onClick={(e) => { if (!(e.target as HTMLElement).closest('a')) void navigate({ to: '/systems/$id', params: { id: s.id } }) }}>
            <td className={rows.wide}><Link to="/systems/$id" params={{ id: s.id }} data-row><strong>{s.name}</strong></Link></td>
            <td data-cell="law" className="dim">{s.key}</td>
            <td data-cell="law" className="dim">{s.kind}</td>
            <td data-cell="law" className={rows.wide}>{s.address}</td>
            <td data-cell="right">{datasets.filter((d) => d.system_id === s.id).map((d) => d.key).join(', ') || <span className="dim">none yet</span>}</td>
            <td data-cell="due" className={s.state === 'active' || s.stop ? undefined : 'dim'}>{s.stop ? <strong>Stopped</strong> : s.state === 'active' ? 'Active' : 'Disabled'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
