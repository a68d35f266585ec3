const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** A length of time in two units at most: 3 days 4 h, 2 h 10 min, 5 min. */
export function lengthInWords(ms: number): string {
  const length = Math.abs(ms)
  if (length < minute) return 'less than a minute'
  if (length < hour) return `${Math.floor(length / minute)} min`
  if (length < day) {
    const hours = Math.floor(length / hour)
    const minutes = Math.floor((length % hour) / minute)
    return hours < 6 && minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`
  }
  const days = Math.floor(length / day)
  const hours = Math.floor((length % day) / hour)
  const word = days === 1 ? '1 day' : `${days} days`
  return days < 7 && hours > 0 ? `${word} ${hours} h` : word
}

/** How a due time is told everywhere: what is left, or for how long it is over. */
export function dueInWords(due: string, now: number): string {
  const left = new Date(due).getTime() - now
  return left < 0 ? `overdue by ${lengthInWords(left)}` : `in ${lengthInWords(left)}`
}

export function agoInWords(at: string, now: number): string {
  const passed = now - new Date(at).getTime()
  if (passed < minute) return 'just now'
  if (passed > 30 * day) return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(at))
  return `${lengthInWords(passed)} ago`
}

function formatted(at: string, zone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options }).format(new Date(at))
}

/** The exact moment with its zone: Mon, 23 Nov 2026, 23:59:59 Europe/Berlin. */
export function exactly(at: string, zone: string): string {
  const text = formatted(at, zone, {
    weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  })
  return `${text} ${zone}`
}

export function dayOf(at: string, zone: string): string {
  return formatted(at, zone, { day: 'numeric', month: 'short', year: 'numeric' })
}

export function longDayOf(at: string, zone: string): string {
  return formatted(at, zone, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
}

export function clockOf(at: string, zone: string): string {
  return formatted(at, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

/** The day as the machine writes it, in a zone: 2026-11-23. */
export function dateKey(at: string | number, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date(at))
}
