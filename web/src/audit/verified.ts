import { opened, type Checkpoint } from './checkpoint'
import { Tree } from './tree'
import type { Archive } from './zip'

const width = 256

/** How an index is written in the address of a tile: 1234067 is x001/x234/067. */
export function tilePath(n: number): string {
  let path = String(n % 1000).padStart(3, '0')
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) path = `x${String(rest % 1000).padStart(3, '0')}/${path}`
  return path
}

/**
 * Hashes every entry of an exported log and compares the head with the signed one; and with an older one that was kept,
 * which proves that the log then is a beginning of the log now.
 */
export async function verified(archive: Archive, verifierKey: string, older: Checkpoint | undefined, tell: (done: number, of: number) => void): Promise<Checkpoint> {
  const head = await opened(new TextDecoder().decode(await archive.read('checkpoint')), verifierKey)
  if (older && older.size > head.size) throw new Error(`This browser has seen a log of ${older.size} lines, and the export has ${head.size}: lines are missing.`)
  const tree = new Tree()
  if (older) await compare(tree, older, 'an older checkpoint')
  while (tree.size < head.size) {
    const rest = Math.min(width, head.size - tree.size)
    const part = rest === width ? '' : `.p/${rest}`
    const before = tree.size
    for (const entry of entriesOf(await archive.read(`tile/entries/${tilePath(tree.size / width)}${part}`))) {
      await tree.add(entry)
      if (older) await compare(tree, older, 'an older checkpoint')
    }
    if (tree.size !== before + rest) throw new Error(`Lines are missing after line ${before}.`)
    tell(tree.size, head.size)
  }
  await compare(tree, head, 'the signed checkpoint')
  return head
}

async function compare(tree: Tree, head: Checkpoint, what: string) {
  if (tree.size !== head.size) return
  const root = btoa(String.fromCharCode(...(await tree.root())))
  if (root !== head.root) throw new Error(`The ${head.size} first lines are not those of ${what}: the log was altered.`)
}

/** The entries of a bundle, each behind its length in two bytes. */
function* entriesOf(bundle: Uint8Array): Generator<Uint8Array> {
  let at = 0
  while (at < bundle.length) {
    const length = (bundle[at] ?? 0) * 256 + (bundle[at + 1] ?? 0)
    if (at + 2 + length > bundle.length) throw new Error('A line is cut short.')
    yield bundle.subarray(at + 2, at + 2 + length)
    at += 2 + length
  }
}
