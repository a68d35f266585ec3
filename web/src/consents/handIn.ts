import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

import { api, held } from '../api/client'
import { asProblem, problemFrom } from '../api/problem'
import { send } from '../api/transport'

/** How many bytes of a file travel at once, as with `docket consent import`. */
const atOnce = 4 << 20

/** How often a part is tried that did not get through. */
const tries = 4

interface HandIn {
  id: string
  file: File
  signal: AbortSignal
  onSent: (bytes: number) => void
}

/** Hands a file in, part by part, and says that it is complete: from then on the server reads it through. It is hashed on its way. */
export async function handIn({ id, file, signal, onSent }: HandIn): Promise<void> {
  const sum = sha256.create()
  const parts = Math.max(1, Math.ceil(file.size / atOnce))
  for (let part = 1; part <= parts; part++) {
    const data = new Uint8Array(await file.slice((part - 1) * atOnce, part * atOnce).arrayBuffer())
    sum.update(data)
    await put(`/v1/consent/imports/${id}/parts/${part}`, data, signal)
    onSent(Math.min(file.size, part * atOnce))
  }
  signal.throwIfAborted()
  await held(api.POST('/v1/consent/imports/{id}/check', { params: { path: { id } }, body: { parts, sha256: bytesToHex(sum.digest()) } }))
}

async function put(path: string, data: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      signal.throwIfAborted()
      const answer = await send(new Request(`${window.location.origin}${path}`, { method: 'PUT', body: data, signal, headers: { 'Content-Type': 'application/octet-stream' } }))
      if (!answer.ok) throw problemFrom(answer.status, await answer.json().catch(() => undefined))
      return
    } catch (error) {
      if (signal.aborted || tried === tries || !asProblem(error).passing) throw error
      await new Promise((resolve) => { setTimeout(resolve, 1000 * tried) })
    }
  }
}
