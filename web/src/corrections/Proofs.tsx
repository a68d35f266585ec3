import { useQuery } from '@tanstack/react-query'

import { items } from '../api/client'
import { Failure } from '../page/Failure'
import { documentsQuery } from '../request/queries'
import { SentDocuments, sentOf } from '../request/SentDocuments'
import { useMay } from '../session/session'
import { count } from '../words/words'
import classes from './corrections.module.css'

/** The documents with which the person shows what is right, where they sent any. */
export function Proofs({ id }: { id: string }) {
  const may = useMay()
  const answer = useQuery({ ...documentsQuery(id), enabled: may('list-identity-documents') })
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  const sent = sentOf(items(answer.data))
  if (sent.length === 0) return null
  return (
    <>
      <p className={classes.proofs}>{count(sent.length, 'document')} came with it.</p>
      <SentDocuments id={id} documents={sent} />
    </>
  )
}
