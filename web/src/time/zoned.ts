/** The moment at which a day ends in a zone: the first one of the next day. */
export function endOfDay(day: string, zone: string): string {
  const next = new Date(`${day}T00:00:00Z`)
  next.setUTCDate(next.getUTCDate() + 1)
  return new Date(next.getTime() - offsetAt(next.getTime(), zone)).toISOString()
}

/** The moment at which a day begins in a zone, or the one so many days after it. */
export function startOfDay(day: string, zone: string, after = 0): string {
  const before = new Date(`${day}T00:00:00Z`)
  before.setUTCDate(before.getUTCDate() + after - 1)
  return endOfDay(before.toISOString().slice(0, 10), zone)
}

/** The moment at which a clock of the zone shows a day and a time, 2026-05-03T12:00. */
export function momentIn(wall: string, zone: string): string {
  const at = new Date(`${wall}Z`).getTime()
  return new Date(at - offsetAt(at, zone)).toISOString()
}

/** How far the zone is ahead of UTC around a wall time. */
function offsetAt(wall: number, zone: string): number {
  const guess = wall - offset(wall, zone)
  return offset(guess, zone)
}

function offset(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(new Date(at))
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - Math.floor(at / 1000) * 1000
}

/** The days from a day on. */
export function daysFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const day = new Date(`${first}T00:00:00Z`)
    day.setUTCDate(day.getUTCDate() + i)
    return day.toISOString().slice(0, 10)
  })
}
