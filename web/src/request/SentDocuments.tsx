import type { Schemas } from '../api/client'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { mediaTypes } from '../words/cases'
import { bytes, word } from '../words/words'
import classes from './request.module.css'

type Document = Schemas['DocumentView']

/** What the person sent on the page of their request, of all its documents. */
export const sentOf = (documents: Document[]) => documents.filter((d) => d.kind === 'sent')

/** What the person sent to show what they say. Opening one is recorded; the task to look at them ends with the last that nobody had opened. */
export function SentDocuments({ id, documents }: { id: string; documents: Document[] }) {
  return <ul className={classes.lines} aria-label="Documents that the person sent">{documents.map((d, i) => <OneSent key={d.id} id={id} document={d} nth={i + 1} />)}</ul>
}

function OneSent({ id, document: d, nth }: { id: string; document: Document; nth: number }) {
  const may = useMay()
  return (
    <li className={classes.line}>
      <span>
        Sent by the person: {word(mediaTypes, d.media_type)}, {bytes(d.bytes)} <span className="dim"><Ago at={d.created_at} /></span>
        {!d.destroyed_at && (d.seen_at ? <span className="dim">, looked at <Ago at={d.seen_at} /></span> : <>, <strong>not looked at yet</strong></>)}
      </span>
      {d.destroyed_at ? <span className="dim">destroyed on schedule</span>
        : may('get-identity-document') && <a href={`/v1/requests/${id}/documents/${d.id}`} target="_blank" rel="noreferrer" aria-label={`Look at it (this is recorded): document ${nth} of the person`}>Look at it (this is recorded)</a>}
    </li>
  )
}
