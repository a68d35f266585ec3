import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'

import { items, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Back, Page } from '../page/Page'
import { Waiting } from '../page/Waiting'
import { regimeQuery } from '../request/queries'
import { useMay } from '../session/session'
import { Law } from './Law'
import { WhatIf } from './WhatIf'

/** One law: its rules with their citations, and what they would make of a request. */
export function RulePage() {
  const { id } = useParams({ from: '/inside/rules/$id' })
  const answer = useQuery(regimeQuery(id))
  const versions = items(answer.data).slice().sort((a, b) => b.valid_from.localeCompare(a.valid_from))
  if (answer.error) return <Page title="Rules" back={<Back to="/rules">Rules</Back>}><Failure error={answer.error} retry={() => void answer.refetch()} /></Page>
  if (versions.length === 0) return <Page title="Rules"><Waiting lines={14} /></Page>
  return <Versions versions={versions} />
}

function Versions({ versions }: { versions: Schemas['PrivacyRegime'][] }) {
  const may = useMay()
  const [chosen, setChosen] = useState(versions[0]?.version)
  const law = versions.find((v) => v.version === chosen) ?? versions[0]
  if (!law) return null
  const until = law.valid_to ? ` to ${law.valid_to}` : ''
  return (
    <Page title={law.name} back={<Back to="/rules">Rules</Back>} lead={`${law.jurisdiction}. In force from ${law.valid_from}${until}.`}
      actions={versions.length > 1 && <Select aria-label="Version" data={versions.map((v) => ({ value: v.version, label: `Version ${v.version}` }))} value={law.version} onChange={(v) => setChosen(v ?? undefined)} w={180} />}>
      {may('explain-policy') && <WhatIf key={law.id} law={law} />}
      <Law law={law} />
    </Page>
  )
}
