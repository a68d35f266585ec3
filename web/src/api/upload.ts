import { problemFrom } from './problem'
import { send } from './transport'

/** Sends one file as a form does. No name of it is kept. */
export async function upload<T>(path: string, file: File, fields: Record<string, string> = {}): Promise<T> {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  body.set('file', file)
  const answer = await send(new Request(`${window.location.origin}${path}`, { method: 'POST', body }))
  const read: unknown = await answer.json().catch(() => undefined)
  if (!answer.ok) throw problemFrom(answer.status, read)
  return read as T
}
