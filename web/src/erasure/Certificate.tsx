import { useQuery } from '@tanstack/react-query'

import { Facts } from '../page/Facts'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { SaveButton } from '../page/SaveButton'
import { useMay } from '../session/session'
import { Day } from '../time/Moment'
import classes from './erasure.module.css'
import { certificateQuery, type Certificate as Signed } from './queries'

/** The signed certificate of an erasure: to be saved, and how a third party checks it. */
export function Certificate({ id }: { id: string }) {
  const may = useMay()
  const answer = useQuery({ ...certificateQuery(id), enabled: may('get-erasure-certificate') })
  if (answer.error) return <Panel title="Certificate"><Failure error={answer.error} retry={() => void answer.refetch()} /></Panel>
  const signed = answer.data
  if (!signed) return null
  if (signed === 'unsigned') return <Panel title="Certificate"><p className={classes.standing} role="status">It is signed as soon as the erasure has its place in the audit log, usually within seconds.</p></Panel>
  const path = `/v1/requests/${id}/erasure/certificate`
  const name = `erasure-${signed.certificate.request.reference}`
  return (
    <Panel title="Certificate">
      <p className={classes.standing}>What was erased, what is kept and who decided, signed with the key of the audit log. It says nothing about the person, and stays when all else of the request is forgotten. The JSON document is the evidence; the PDF shows it on paper.</p>
      <div className={classes.saves}>
        <SaveButton path={path} name={`${name}.json`}>Save the certificate (JSON)</SaveButton>
        {may('print-erasure-certificate') && <SaveButton path={`${path}.pdf`} name={`${name}.pdf`}>Save it as PDF</SaveButton>}
      </div>
      <Facts wide facts={[
        ['Signed', <Day key="at" at={signed.signed_at} />],
        ['Signed by', <code key="by">{signerOf(signed)}</code>],
        ['SHA-256 of what was signed', <code key="sum">{signed.sha256}</code>],
        ['To verify it', <code key="how">docket audit verify-certificate {name}.json --key {signed.verifier_key}</code>],
      ]} />
      <p className="dim">Whoever trusts neither this page nor the operator gets the key by another way.</p>
    </Panel>
  )
}

/** The name on the signature line of a signed note: — NAME SIGNATURE. */
function signerOf({ note, verifier_key: key }: Signed): string {
  return /\n— (\S+) /.exec(note)?.[1] ?? key.split('+')[0] ?? ''
}
