import type { Schemas } from '../api/client'

export type BoardLine = Schemas['BoardLine']

export interface Owed {
  id: string
  first: BoardLine
  kinds: string[]
}

const weight = (line: BoardLine) => (line.kind === 'respond' ? 0 : 1)

/** Puts what one request owes at one moment into one row: they are met by the same act. */
export function grouped(lines: BoardLine[]): Owed[] {
  const groups = new Map<string, BoardLine[]>()
  for (const line of lines) {
    const key = `${line.request_id} ${line.due} ${line.state}`
    groups.set(key, [...(groups.get(key) ?? []), line])
  }
  return [...groups.entries()].map(([id, group]) => {
    const sorted = group.slice().sort((a, b) => weight(a) - weight(b))
    return { id, first: sorted[0] as BoardLine, kinds: sorted.map((l) => l.kind) }
  })
}
