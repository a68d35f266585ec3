import { Button, FileButton } from '@mantine/core'
import { useMutation, useQueryClient, type UseQueryResult } from '@tanstack/react-query'

import { items, type Schemas } from '../api/client'
import { upload } from '../api/upload'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { mediaTypes } from '../words/cases'
import { bytes, word } from '../words/words'
import classes from './request.module.css'
import { SentDocuments, sentOf } from './SentDocuments'

type Document = Schemas['DocumentView']

const decisions: Record<string, string> = { accepted: 'accepted, and destroyed', rejected: 'rejected, and destroyed', dropped: 'destroyed unseen' }
const kinds: Record<string, string> = { identity: 'Proof of identity', authority: 'Proof that somebody may act for the person' }

/** What was shown to prove who the person is, kept until somebody decides on it and no longer, and what the person sent to show what they say. */
export function Documents({ id, answer }: { id: string; answer: UseQueryResult<{ items: Document[] | null }> }) {
  const may = useMay()
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting lines={2} />
  const documents = items(answer.data)
  const add = may('add-identity-document') && <AddDocument id={id} />
  if (documents.length === 0) return <Empty title="No documents" action={add}>When a code by e-mail is not enough, a copy of a document can prove who the person is. It is sealed, and destroyed once you decide. Once it is known who they are, the person can send documents on their page.</Empty>
  const [sent, proofs] = [sentOf(documents), documents.filter((d) => d.kind !== 'sent')]
  return (
    <>
      {sent.length > 0 && <SentDocuments id={id} documents={sent} />}
      {proofs.length > 0 && <ul className={classes.lines}>{proofs.map((d) => <OneDocument key={d.id} id={id} document={d} />)}</ul>}
      {add}
    </>
  )
}

function OneDocument({ id, document: d }: { id: string; document: Document }) {
  const may = useMay()
  return (
    <li className={classes.line}>
      <span>{word(kinds, d.kind)}: {word(mediaTypes, d.media_type)}, {bytes(d.bytes)} <span className="dim"><Ago at={d.created_at} /></span></span>
      {d.decision ? <span className="dim">{decisions[d.decision] ?? d.decision}</span>
        : may('get-identity-document') && <a href={`/v1/requests/${id}/documents/${d.id}`} target="_blank" rel="noreferrer">Look at it (this is recorded)</a>}
    </li>
  )
}

function AddDocument({ id }: { id: string }) {
  const queries = useQueryClient()
  const add = useMutation({
    mutationFn: (file: File) => upload(`/v1/requests/${id}/documents`, file),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['request', id] }),
  })
  return (
    <>
      <FileButton accept="application/pdf,image/jpeg,image/png" onChange={(file) => { if (file) add.mutate(file) }}>
        {(props) => <Button {...props} size="xs" variant="default" loading={add.isPending}>Add a document</Button>}
      </FileButton>
      {add.error && <Failure error={add.error} />}
    </>
  )
}
