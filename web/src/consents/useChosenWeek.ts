import { useEffect, useRef, useState } from 'react'

/** The week that was chosen in a chart: its row in the table is marked, and comes into view. */
export function useChosenWeek() {
  const [week, choose] = useState<string>()
  const row = useRef<HTMLTableRowElement>(null)
  useEffect(() => { if (week) row.current?.scrollIntoView({ block: 'nearest' }) }, [week])
  const mark = (from: string) => (from === week ? { ref: row, 'data-chosen': true } : {})
  return { week, choose, mark }
}
