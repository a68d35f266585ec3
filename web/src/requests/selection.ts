import { useEffect, useRef, useState } from 'react'

import { busy } from '../shell/keys'

export interface Selection {
  chosen: Set<string>
  /** Chooses a row or lets it go; with through, all between it and the one before. */
  toggle: (id: string, through: boolean) => void
  set: (ids: string[]) => void
}

/** The rows that were chosen: by a click, by x on the row in focus, with Shift for all between. It stays when the list is read anew. */
export function useSelection(key: string, rows: { id: string }[] | undefined, able: boolean): Selection {
  const [state, setState] = useState<{ key: string; ids: string[] }>({ key, ids: [] })
  const last = useRef<string>(undefined)
  const ids = state.key === key ? state.ids : []
  const set = (next: string[]) => setState({ key, ids: next })
  const toggle = (id: string, through: boolean) => {
    const from = rows?.findIndex((r) => r.id === last.current) ?? -1
    const to = rows?.findIndex((r) => r.id === id) ?? -1
    last.current = id
    if (through && from >= 0 && to >= 0 && rows) {
      const between = rows.slice(Math.min(from, to), Math.max(from, to) + 1).map((r) => r.id)
      return set([...new Set([...ids, ...between])])
    }
    set(ids.includes(id) ? ids.filter((x) => x !== id) : [...ids, id])
  }
  const now = useRef(toggle)
  useEffect(() => { now.current = toggle })
  useEffect(() => {
    if (!able) return
    const answer = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'x' || event.metaKey || event.ctrlKey || event.altKey || busy(event.target)) return
      const row = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.row : undefined
      if (row) now.current(row, event.shiftKey)
    }
    document.addEventListener('keydown', answer)
    return () => document.removeEventListener('keydown', answer)
  }, [able])
  return { chosen: new Set(ids), toggle, set }
}
