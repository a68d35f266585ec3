import { problemFrom } from '../api/problem'
import { send } from '../api/transport'

/** A call of the sign-in contract, whose operations stand beside those of the cases. */
export async function call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const answer = await send(
    new Request(new URL(path, window.location.origin), {
      method,
      headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  )
  const text = await answer.text()
  let read: unknown
  try {
    read = text === '' ? undefined : JSON.parse(text)
  } catch {
    read = undefined
  }
  if (!answer.ok) throw problemFrom(answer.status, read)
  return read as T
}
