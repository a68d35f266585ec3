import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items } from '../api/client'
import { Facts } from '../page/Facts'
import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import rows from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { tenantQuery } from '../requests/queries'
import { messages } from '../words/cases'
import { word } from '../words/words'
import classes from './rules.module.css'
import { RulesNav } from './RulesNav'

const languages: Record<string, string> = { en: 'English', de: 'German', fr: 'French', es: 'Spanish' }

/** The letters and notices, as the tenant would send them. */
export function LettersPage() {
  const tenant = useQuery(tenantQuery)
  const all = useQuery({ queryKey: ['letters'], queryFn: () => held(api.GET('/v1/letters')), staleTime: 60 * 60_000 })
  const letters = items(all.data)
  const [kind, setKind] = useState<string>()
  const [spoken, setSpoken] = useState<string>()
  const letter = letters.find((l) => l.kind === kind) ?? letters[0]
  const offered = letter?.languages ?? []
  const wanted = spoken ?? tenant.data?.language ?? 'en'
  const language = offered.includes(wanted) ? wanted : offered[0]
  const shown = useQuery({
    queryKey: ['letters', letter?.kind, language], enabled: !!letter && !!language && !tenant.isPending, staleTime: 5 * 60_000,
    queryFn: () => held(api.GET('/v1/letters/{kind}/{language}', { params: { path: { kind: letter?.kind ?? '', language: language as 'en' } } })),
  })
  const group = (audience: string) => letters.filter((l) => l.audience === audience).map((l) => ({ value: l.kind, label: word(messages, l.kind) }))
  return (
    <Page title="Rules" lead="Every letter and notice, about a case that is made up.">
      <RulesNav />
      {all.error && <Failure error={all.error} retry={() => void all.refetch()} />}
      <div className={rows.filters} role="group" aria-label="Letter">
        <Select aria-label="Letter" size="xs" searchable style={{ width: 280 }} data={[{ group: 'To the person', items: group('person') }, { group: 'To staff', items: group('staff') }]} value={letter?.kind ?? null} onChange={(v) => setKind(v ?? undefined)} />
        <Select aria-label="Language" size="xs" data={offered.map((value) => ({ value, label: languages[value] ?? value }))} value={language ?? null} onChange={(v) => setSpoken(v ?? undefined)} />
      </div>
      {shown.error && <Failure error={shown.error} retry={() => void shown.refetch()} />}
      {shown.isPending && !all.error && <Waiting lines={10} height={24} />}
      {shown.data && (
        <>
          <Facts facts={[['Subject', shown.data.subject]]} />
          <pre className={classes.letter} lang={shown.data.language}>{shown.data.text}</pre>
          <p className="dim">This is the text part; the HTML part of the mail says the same words.</p>
        </>
      )}
    </Page>
  )
}
