const told = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })

/** A day of the calendar, 2031-12-31, in words. It has no zone: it is the same day everywhere. */
export function dayInWords(day: string): string {
  return told.format(new Date(`${day}T00:00:00Z`))
}
