import type { Schemas } from '../api/client'

/** A line of the board; a server that knows the reminder window says the risk itself, and what a pause waits for. */
export type BoardLine = Schemas['BoardLine'] & { risk?: 'overdue' | 'amber' | 'neutral' | 'paused'; paused?: { kind: string; since: string }[] | null }

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
