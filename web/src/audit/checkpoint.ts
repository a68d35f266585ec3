/** A signed head of the log, read. */
export interface Checkpoint {
  origin: string
  size: number
  root: string
}

export const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
const text = new TextEncoder()

/** Reads a checkpoint and checks that the key has signed it (C2SP signed note, Ed25519). */
export async function opened(note: string, verifierKey: string): Promise<Checkpoint> {
  const key = await keyOf(verifierKey)
  const split = note.indexOf('\n\n')
  if (split < 0) throw new Error('The checkpoint has no signature.')
  const signed = note.slice(0, split + 1)
  const signature = note.slice(split + 2).split('\n').filter((l) => l.startsWith(`— ${key.name} `)).map((l) => bytesOf(l.slice(key.name.length + 3)))
    .find((s) => s.length === 68 && key.id.every((b, i) => s[i] === b))
  if (!signature) throw new Error('The checkpoint is not signed with this verifier key.')
  const good = await crypto.subtle.verify('Ed25519', key.publicKey, signature.slice(4), text.encode(signed))
  if (!good) throw new Error('The signature of the checkpoint is wrong.')
  const [origin, size, root] = signed.split('\n')
  if (!origin || !root || !/^\d{1,15}$/.test(size ?? '')) throw new Error('The checkpoint cannot be read.')
  if (origin !== key.name) throw new Error('The checkpoint is of another log.')
  return { origin, size: Number(size), root }
}

async function keyOf(verifierKey: string) {
  const [, name, id, material] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(verifierKey.trim()) ?? []
  if (!name || !id || !material) throw new Error('This is no verifier key: it looks like name+12345678+base64.')
  const raw = bytesOf(material)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array([...text.encode(`${name}\n`), ...raw])))
  const own = [...digest.slice(0, 4)].map((b) => b.toString(16).padStart(2, '0')).join('')
  if (raw[0] !== 1 || raw.length !== 33 || own !== id) throw new Error('The verifier key is damaged: it does not fit its own mark.')
  return { name, id: digest.slice(0, 4), publicKey: await crypto.subtle.importKey('raw', raw.slice(1), 'Ed25519', false, ['verify']) }
}
