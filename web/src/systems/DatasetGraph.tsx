import { count } from '../words/words'
import { Graph, type Edge, type Node } from './Graph'
import { collectionsOf, type Collection } from './outline'

// More boxes than these neither fit a screen nor are laid out while somebody types.
const most = 120

/** A dataset as it is written, drawn. */
export function DatasetGraph({ annotation }: { annotation: string }) {
  const all = collectionsOf(annotation)
  const collections = all.length > most ? all.filter((c) => !c.skipped) : all
  if (collections.length > most) return <p className="dim">{count(all.length, 'collection')}: too many to draw.</p>
  return <Graph label="Collections of the dataset" nodes={collections.map(nodeOf)} edges={collections.flatMap(edgesOf)} />
}

const identityOf = (c: Collection) => c.fields.find((f) => f.identity)?.identity

function nodeOf(c: Collection): Node {
  const by = identityOf(c)
  if (c.skipped) return { id: c.name, name: c.name, more: 'never read', kind: 'skipped' }
  return { id: c.name, name: c.name, more: by ? `found by ${by.replaceAll('_', ' ')}` : count(c.fields.length, 'field'), kind: by ? 'door' : undefined }
}

/** Without a direction a reference may be followed both ways; it is drawn as the row that names the other follows it. */
function edgesOf(c: Collection): Edge[] {
  return c.fields.flatMap((f) => f.references).map((r) => (r.direction === 'to' ? { from: c.name, to: r.collection } : { from: r.collection, to: c.name }))
}
