type Bytes = Uint8Array<ArrayBuffer>

async function hashed(...parts: Uint8Array[]): Promise<Bytes> {
  const whole = new Uint8Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole))
}

const leaf = new Uint8Array([0])
const node = new Uint8Array([1])

/** The head of a Merkle tree (RFC 6962) that grows leaf by leaf: only the roots of its whole subtrees are kept. */
export class Tree {
  size = 0
  private roots: Bytes[] = []

  async add(entry: Uint8Array): Promise<void> {
    let hash = await hashed(leaf, entry)
    for (let n = this.size; n % 2 === 1; n = (n - 1) / 2) hash = await hashed(node, this.roots.pop() as Bytes, hash)
    this.roots.push(hash)
    this.size++
  }

  async root(): Promise<Bytes> {
    if (this.roots.length === 0) return hashed()
    let hash = this.roots[this.roots.length - 1] as Bytes
    for (const left of this.roots.slice(0, -1).reverse()) hash = await hashed(node, left, hash)
    return hash
  }
}
