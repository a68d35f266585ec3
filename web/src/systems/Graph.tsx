import dagre from '@dagrejs/dagre'

import { count } from '../words/words'
import classes from './systems.module.css'

const width = 176
const height = 48

export interface Node {
  id: string
  name: string
  more: string
  kind?: 'door' | 'skipped'
}

export interface Edge {
  from: string
  to: string
}

/** Collections and how rows of one lead to rows of another, drawn. */
export function Graph({ nodes: drawn, edges: leading, label }: { nodes: Node[]; edges: Edge[]; label: string }) {
  if (drawn.length === 0) return null
  const { nodes, edges, size } = laidOut(drawn, leading)
  return (
    <figure className={classes.graph} tabIndex={0} aria-label={label}>
      <svg width={size.width} height={size.height} viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={`${count(nodes.length, 'collection')} and ${count(edges.length, 'reference')} between them`}>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" className={classes.arrow} /></marker>
        </defs>
        {edges.map((e) => <path key={e.id} d={e.path} className={classes.edge} markerEnd="url(#arrow)" />)}
        {nodes.map(({ node, x, y }) => (
          <g key={node.id} transform={`translate(${x} ${y})`} className={classes.node} data-kind={node.kind}>
            <rect width={width} height={height} rx={6} />
            <text x={12} y={20} className={classes.nodeName}>{short(node.name)}</text>
            <text x={12} y={37} className={classes.nodeMore}>{short(node.more)}</text>
          </g>
        ))}
      </svg>
      <figcaption className="dim">Arrows lead from rows that were found to rows that are looked up with them. Where a person is found first has a strong frame; dashed is never read.</figcaption>
    </figure>
  )
}

const short = (name: string) => (name.length > 23 ? `${name.slice(0, 22)}…` : name)

function laidOut(nodes: Node[], edges: Edge[]) {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 56, marginx: 2, marginy: 2 })
  graph.setDefaultEdgeLabel(() => ({}))
  const known = new Set(nodes.map((n) => n.id))
  for (const n of nodes) graph.setNode(n.id, { width, height })
  for (const e of edges) {
    if (known.has(e.from) && known.has(e.to) && e.from !== e.to) graph.setEdge(e.from, e.to)
  }
  dagre.layout(graph)
  const size = graph.graph()
  return {
    nodes: nodes.map((node) => {
      const at = graph.node(node.id)
      return { node, x: at.x - width / 2, y: at.y - height / 2 }
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
