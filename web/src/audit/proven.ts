import type { Schemas } from '../api/client'
import { bytesOf, opened, type Checkpoint } from './checkpoint'
import { rootBy } from './tree'

/** Checks that each event of a proof is of the request, and lies in the log under the signed checkpoint. */
export async function proven(proof: Schemas['AuditCaseProof'], request: string, verifierKey: string): Promise<Checkpoint> {
  if (proof.format !== 'docket-case-proof/1') throw new Error('This is a proof of a form that this console does not know.')
  const head = await opened(proof.checkpoint, verifierKey)
  const seen = new Set<number>()
  for (const event of proof.events ?? []) {
    if (seen.has(event.index)) throw new Error(`Line ${event.index} is there twice.`)
    seen.add(event.index)
    if ((JSON.parse(event.entry) as { case?: string }).case !== request) throw new Error(`Line ${event.index} is of another request.`)
    const root = await rootBy(new TextEncoder().encode(event.entry), event.index, head.size, (event.path ?? []).map(bytesOf))
    if (btoa(String.fromCharCode(...root)) !== head.root) throw new Error(`Line ${event.index} does not lie in the signed log: it was altered.`)
  }
  return head
}
