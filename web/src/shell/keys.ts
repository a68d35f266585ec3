import { useEffect } from 'react'

interface Answers {
  search: () => void
  help: () => void
  go: (key: string) => void
  create: () => void
  /** Something lies over the screen, or is about to: what is typed is not for it. */
  rest: boolean
}

/** How long g waits for the second key. */
const patience = 1200

/** The keys that work on every screen. They rest while somebody types or a dialog is open. */
export function useKeys({ search, help, go, create, rest }: Answers) {
  useEffect(() => {
    if (rest) return
    let since = -Infinity
    const answer = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || busy(event.target)) return
      const second = performance.now() - since < patience
      since = -Infinity
      if (second) return go(event.key)
      switch (event.key) {
        case 'g': since = performance.now(); break
        case '/': event.preventDefault(); search(); break
        case '?': help(); break
        case 'n': create(); break
        case 'j': step(1); break
        case 'k': step(-1); break
      }
    }
    document.addEventListener('keydown', answer)
    return () => document.removeEventListener('keydown', answer)
  }, [search, help, go, create, rest])
}

/** Whether what is typed is for something else than the screen. */
export function busy(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"]')) return true
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"], [role="listbox"]') !== null
}

/** Moves the focus along the rows of the screen; a row is a link or button with data-row. */
function step(by: number) {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')].filter((row) => row.offsetParent !== null)
  const here = rows.findIndex((row) => row === document.activeElement)
  const current = here >= 0 ? here : rows.findIndex((row) => row.getAttribute('aria-current') === 'page')
  const next = rows[current < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, current + by))]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}

export const keyHelp: [keys: string, what: string][] = [
  ['/', 'Search'],
  ['n', 'New request'],
  ['j  k', 'Next row, row before'],
  ['Enter', 'Open the row'],
  ['x', 'Choose the row, in the requests; with Shift all between'],
  ['?', 'These keys'],
]
