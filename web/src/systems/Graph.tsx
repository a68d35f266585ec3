import dagre from '@dagrejs/dagre'

import { count } from '../words/words'
import type { Collection } from './outline'
import classes from './systems.module.css'

const width = 176
const height = 48

/** The collections of a dataset and how rows of one lead to rows of another, drawn. */
export function Graph({ collections }: { collections: Collection[] }) {
  if (collections.length === 0) return null
  const { nodes, edges, size } = laidOut(collections)
  return (
    <figure className={classes.graph} tabIndex={0} aria-label="Collections">
      <svg width={size.width} height={size.height} viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={`${count(collections.length, 'collection')} and ${count(edges.length, 'reference')} between them`}>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" className={classes.arrow} /></marker>
        </defs>
        {edges.map((e) => <path key={e.id} d={e.path} className={classes.edge} markerEnd="url(#arrow)" />)}
        {nodes.map((n) => (
          <g key={n.collection.name} transform={`translate(${n.x} ${n.y})`} className={classes.node} data-kind={n.collection.skipped ? 'skipped' : identityOf(n.collection) ? 'door' : undefined}>
            <rect width={width} height={height} rx={6} />
            <text x={12} y={20} className={classes.nodeName}>{short(n.collection.name)}</text>
            <text x={12} y={37} className={classes.nodeMore}>{more(n.collection)}</text>
          </g>
        ))}
      </svg>
      <figcaption className="dim">Arrows lead from rows that were found to rows that are looked up with them. Where a person is found first has a strong frame; dashed is never read.</figcaption>
    </figure>
  )
}

const short = (name: string) => (name.length > 22 ? `${name.slice(0, 21)}…` : name)
const identityOf = (c: Collection) => c.fields.find((f) => f.identity)?.identity

function more(c: Collection): string {
  if (c.skipped) return 'never read'
  const by = identityOf(c)
  return by ? `found by ${by.replaceAll('_', ' ')}` : count(c.fields.length, 'field')
}

function laidOut(collections: Collection[]) {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 56, marginx: 2, marginy: 2 })
  graph.setDefaultEdgeLabel(() => ({}))
  const names = new Set(collections.map((c) => c.name))
  for (const c of collections) graph.setNode(c.name, { width, height })
  for (const c of collections) {
    for (const r of c.fields.flatMap((f) => f.references)) {
      if (!names.has(r.collection) || r.collection === c.name) continue
      // Without a direction a reference may be followed both ways; it is drawn as the row that names the other follows it.
      if (r.direction === 'to') graph.setEdge(c.name, r.collection)
      else graph.setEdge(r.collection, c.name)
    }
  }
  dagre.layout(graph)
  const size = graph.graph()
  return {
    nodes: collections.map((collection) => {
      const at = graph.node(collection.name)
      return { collection, x: at.x - width / 2, y: at.y - height / 2 }
    }),
    edges: graph.edges().map((e) => ({ id: `${e.v} ${e.w}`, path: curve(graph.node(e.v), graph.edge(e).points.slice(1, -1), graph.node(e.w)) })),
    size: { width: Math.ceil(size.width ?? 0), height: Math.ceil(size.height ?? 0) },
  }
}

interface Point {
  x: number
  y: number
}

/** A line from the right side of one box to the left side of another, level at both ends. */
function curve(from: Point, between: Point[], to: Point): string {
  const points = [{ x: from.x + width / 2, y: from.y }, ...(between.length > 1 ? between : []), { x: to.x - width / 2, y: to.y }]
  return points.map((p, i) => {
    const before = points[i - 1]
    if (!before) return `M${p.x.toFixed(1)} ${p.y.toFixed(1)}`
    const half = ((before.x + p.x) / 2).toFixed(1)
    return `C${half} ${before.y.toFixed(1)} ${half} ${p.y.toFixed(1)} ${p.x.toFixed(1)} ${p.y.toFixed(1)}`
  }).join('')
}
