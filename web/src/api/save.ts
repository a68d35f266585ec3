import { problemFrom } from './problem'
import { send } from './transport'

/** Fetches a file and has the browser keep it. An answer that is no file is a Problem, as everywhere. */
export async function save(path: string, name: string): Promise<void> {
  const answer = await send(new Request(`${window.location.origin}${path}`))
  if (!answer.ok) throw problemFrom(answer.status, await answer.json().catch(() => undefined))
  keep(await answer.blob(), name)
}

/** Has the browser keep a file. */
export function keep(file: Blob, name: string) {
  const address = URL.createObjectURL(file)
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
