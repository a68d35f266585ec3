import { Link } from '@tanstack/react-router'

import { Facts } from '../page/Facts'
import { Panel } from '../page/Panel'
import { standing } from '../requests/RequestTable'
import { LawName } from '../rules/LawName'
import { Ago, Day } from '../time/Moment'
import { alsoProven, channels, extensionReasons, identities, identityMethods, pauses, rights } from '../words/cases'
import { word } from '../words/words'
import { Assignee } from './Assignee'
import type { Standing } from './commands/allowed'

const languages: Record<string, string> = { en: 'English', de: 'German', fr: 'French', es: 'Spanish' }

/** The facts of the file, without the person. */
export function Particulars({ at: { detail } }: { at: Standing }) {
  const submitted = detail.submitted ?? []
  const duplicates = detail.duplicates ?? []
  return (
    <Panel title="File">
      <Facts
        facts={[
          ['Assignee', <Assignee key="a" detail={detail} />],
          ['Received', <><Ago at={detail.received_at} /> by {word(channels, detail.channel)}</>],
          ['Filed by', detail.filed_by && <>{detail.filed_by.name} <span className="dim">{detail.filed_by.handle}, as {detail.filed_by.request_id}</span></>],
          ['Backdated', detail.backdate_reason],
          ['Identity', [word(identities, detail.identity), word(identityMethods, detail.identity_method)].filter(Boolean).join(' ')],
          ['Also proven', detail.also_proven && word(alsoProven, detail.also_proven)],
          ...(detail.pauses ?? []).map((p, i): [string, React.ReactNode] => [i === 0 ? 'Clock paused' : ' '.repeat(i), p.until
            ? <><Day at={p.from} /> to <Day at={p.until} />, for {word(pauses, p.kind)}</>
            : <>since <Day at={p.from} />, until {word(pauses, p.kind)} is here</>]),
          ['Extended', detail.extension && <><Day at={detail.extension.granted_at} />: {word(extensionReasons, detail.extension.reason)}</>],
          ['Letters in', languages[detail.language] ?? detail.language],
          ['Country', detail.country],
          ['Run', detail.run > 1 ? `${detail.run}, reopened` : undefined],
          ['Earlier request', detail.duplicate_of && <Link to="/requests/$id" params={{ id: detail.duplicate_of }} search={true}>of the same mailbox</Link>],
          ['Later requests', duplicates.length > 0 && duplicates.map((d) => <Link key={d.id} to="/requests/$id" params={{ id: d.id }} search={true} className="reference">{d.reference} </Link>)],
          ['Came in with', submitted.length > 0 && submitted.map((s) => <div key={s.id}>{word(rights, s.right)} <Link to="/requests/$id" params={{ id: s.id }} search={true} className="reference">{s.reference}</Link> <span className="dim">{standing(s).toLowerCase()}</span></div>)],
          ['Rules', <><LawName id={detail.regime} /> {detail.regime_version}, holidays of {detail.calendar}, {detail.zone}</>],
        ].filter(([, value]) => value) as [string, React.ReactNode][]}
      />
    </Panel>
  )
}
