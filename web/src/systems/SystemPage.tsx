import { Button, Tabs } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Facts } from '../page/Facts'
import { Back, Page } from '../page/Page'
import { Tag } from '../page/Tag'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { ChangingWay } from './ChangingWay'
import { Check } from './Check'
import { Declaration } from './Declaration'
import { Preview } from './Preview'
import { askedKinds, documented, ServiceDocument } from './ServiceDocument'
import { Stopped, StopButton } from './Stop'
import { datasetsQuery, systemQuery } from './queries'

const Datasets = lazy(() => import('./Datasets').then((m) => ({ default: m.Datasets })))

export function SystemPage() {
  const { id } = useParams({ from: '/inside/systems/$id' })
  const system = useQuery(systemQuery(id))
  const datasets = useQuery(datasetsQuery)
  if (system.error) return <Page title="System"><Failure error={system.error} retry={() => void system.refetch()} /></Page>
  if (!system.data) return <Page title="System"><Waiting lines={10} /></Page>
  return <Shown system={system.data} datasets={items(datasets.data).filter((d) => d.system_id === id)} read={datasets.isSuccess} />
}

function Shown({ system, datasets, read }: { system: Schemas['SystemView']; datasets: Schemas['DatasetLine'][]; read: boolean }) {
  const may = useMay()
  const asked = askedKinds.includes(system.kind)
  return (
    <Page title={system.name} back={<Back to="/systems">Systems</Back>} mark={<Tag risk={system.state === 'active' ? undefined : 'done'}>{system.state === 'active' ? 'Active' : 'Disabled'}</Tag>} actions={<><StopButton system={system} />{may('change-system') && <Switch system={system} />}</>}>
      <Stopped system={system} />
      <Facts facts={[['Key', system.key], ['Kind', system.kind], ['Address', system.address], ['Way in to change', asked ? undefined : <ChangingWay key="c" system={system} />]]} />
      {may('test-system') && <Check id={system.id} />}
      <Tabs defaultValue={asked ? 'service' : 'datasets'} mt="lg" keepMounted={false}>
        <Tabs.List>
          {!asked && <Tabs.Tab value="datasets">Datasets</Tabs.Tab>}
          <Tabs.Tab value="declaration">Declaration</Tabs.Tab>
          {documented[system.kind] && <Tabs.Tab value="service">{documented[system.kind]?.tab}</Tabs.Tab>}
          {!asked && may('preview-system') && <Tabs.Tab value="preview">Preview</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="datasets" pt="sm">
          {read && <Annotated system={system} datasets={datasets} />}
        </Tabs.Panel>
        <Tabs.Panel value="declaration" pt="sm"><Declaration system={system} /></Tabs.Panel>
        {documented[system.kind] && <Tabs.Panel value="service" pt="sm"><ServiceDocument key={system.service} system={system} /></Tabs.Panel>}
        <Tabs.Panel value="preview" pt="sm"><Preview id={system.id} /></Tabs.Panel>
      </Tabs>
    </Page>
  )
}

/** What of the system's tables is annotated, with the place to do it. */
function Annotated({ system, datasets }: { system: Schemas['SystemView']; datasets: Schemas['DatasetLine'][] }) {
  const may = useMay()
  if (datasets.length === 0 && !may('put-dataset') && !may('scan-system')) return <Empty title="No dataset yet">An administrator describes here which tables and columns hold data of people.</Empty>
  return <Suspense fallback={<Waiting lines={10} />}><Datasets system={system} datasets={datasets} /></Suspense>
}

function Switch({ system }: { system: Schemas['SystemView'] }) {
  const queries = useQueryClient()
  const active = system.state === 'active'
  const change = useMutation({
    mutationFn: () => held(api.PATCH('/v1/systems/{id}', { params: { path: { id: system.id } }, body: { state: active ? 'disabled' : 'active' } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['systems'] }),
  })
  return (
    <>
      <Button variant="default" loading={change.isPending} onClick={() => change.mutate()}>{active ? 'Disable it' : 'Make it active'}</Button>
      {change.error && <Failure error={change.error} />}
    </>
  )
}
