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

/** The head of the tree of so many leaves that a path leads to from one of them (RFC 9162, section 2.1.3.2). */
export async function rootBy(entry: Uint8Array, index: number, size: number, path: Uint8Array[]): Promise<Bytes> {
  if (index < 0 || index >= size) throw new Error('A line lies outside the log.')
  let [at, last] = [index, size - 1]
  let hash = await hashed(leaf, entry)
  const up = () => { at = Math.floor(at / 2); last = Math.floor(last / 2) }
  for (const other of path) {
    if (last === 0) throw new Error('A path is longer than the tree is high.')
    if (at % 2 === 1 || at === last) {
      hash = await hashed(node, other, hash)
      while (at % 2 === 0 && at !== 0) up()
    } else {
      hash = await hashed(node, hash, other)
    }
    up()
  }
  if (last !== 0) throw new Error('A path is shorter than the tree is high.')
  return hash
}

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
