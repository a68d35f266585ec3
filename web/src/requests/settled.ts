import { useState } from 'react'

interface Row {
  id: string
}

interface Known {
  key: string
  ids: Set<string>
}

/**
 * Keeps a list still while it is read: rows change in place, and new ones wait above until they are asked for. key names
 * the list; another key is another list.
 */
export function useSettled<T extends Row>(key: string, rows: T[] | undefined) {
  const [known, setKnown] = useState<Known>()
  if (rows && known?.key !== key) setKnown({ key, ids: new Set(rows.map((row) => row.id)) })
  if (!rows || known?.key !== key) return { shown: rows, fresh: 0, show: () => undefined }
  const first = rows.findIndex((row) => known.ids.has(row.id))
  const fresh = rows.slice(0, Math.max(0, first)).filter((row) => !known.ids.has(row.id))
  return {
    shown: rows.filter((row) => !fresh.includes(row)),
    fresh: fresh.length,
    show: () => setKnown({ key, ids: new Set(rows.map((row) => row.id)) }),
  }
}
