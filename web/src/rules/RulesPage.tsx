import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { items, type Schemas } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import rows from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { policiesQuery } from '../requests/queries'
import { rights } from '../words/cases'
import { word } from '../words/words'
import { RulesNav } from './RulesNav'

interface Law {
  newest: Schemas['PrivacySummary']
  versions: number
}

/** The laws that Docket knows, each with the versions of its rules. */
export function RulesPage() {
  const [text, setText] = useState('')
  const answer = useQuery(policiesQuery)
  const wanted = text.trim().toLowerCase()
  const laws = byLaw(items(answer.data)).filter(({ newest: l }) => `${l.id} ${l.name} ${l.jurisdiction}`.toLowerCase().includes(wanted))
  return (
    <Page title="Rules" lead="The laws whose dates are computed here, with the citation of each rule. They are engineering material and no legal advice.">
      <RulesNav />
      <TextInput aria-label="Find a law" placeholder="Find a law by name or place" size="xs" maw={320} mb="xs" value={text} onChange={(e) => setText(e.currentTarget.value)} />
      {answer.isPending && <Waiting lines={14} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && laws.length === 0 && <Empty title="No law fits">Try the name of the country or the state.</Empty>}
      {laws.length > 0 && <Table laws={laws} />}
    </Page>
  )
}

function byLaw(summaries: Schemas['PrivacySummary'][]): Law[] {
  const laws = new Map<string, Law>()
  for (const s of summaries) {
    const known = laws.get(s.id)
    laws.set(s.id, { newest: !known || s.valid_from > known.newest.valid_from ? s : known.newest, versions: (known?.versions ?? 0) + 1 })
  }
  return [...laws.values()].sort((a, b) => a.newest.jurisdiction.localeCompare(b.newest.jurisdiction))
}

function Table({ laws }: { laws: Law[] }) {
  const navigate = useNavigate()
  return (
    <table className={rows.table}>
      <thead><tr><th scope="col">Where</th><th scope="col">Law</th><th scope="col">Rights</th><th scope="col">In force from</th><th scope="col">Versions</th></tr></thead>
      <tbody>
        {laws.map(({ newest: l, versions }) => (
          <tr key={l.id} className={rows.row} onClick={(e) => { if (!(e.target as HTMLElement).closest('a')) void navigate({ to: '/rules/$id', params: { id: l.id } }) }}>
            <td className="nowrap">{l.jurisdiction}</td>
            <td data-cell="right"><Link to="/rules/$id" params={{ id: l.id }} data-row><strong>{l.name}</strong></Link> <span className="dim nowrap">{l.id}</span></td>
            <td data-cell="law" className="dim">{(l.rights ?? []).map((r) => word(rights, r)).join(', ')}</td>
            <td data-cell="due" className="tabular nowrap">{l.valid_from}</td>
            <td data-cell="received" className="tabular dim">{versions}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
