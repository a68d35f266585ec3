import { problemFrom } from '../api/problem'
import { send } from '../api/transport'

/** The whole log up to the newest checkpoint, as the ZIP that docket audit verify reads. */
export async function exported(): Promise<Blob> {
  const answer = await send(new Request(`${window.location.origin}/v1/audit/export`))
  if (!answer.ok) throw problemFrom(answer.status, await answer.json().catch(() => undefined))
  return answer.blob()
}
