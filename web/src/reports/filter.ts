export interface ReportFilter {
  report?: 'ccpa'
  /** Days of receipt, 2026-01-01, the last one in it. */
  from?: string
  to?: string
  year?: number
}

const day = (value: unknown) => (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined)

/** Reads which report of which time is wanted out of an address. */
export function readReportFilter(search: Record<string, unknown>): ReportFilter {
  const year = Number(search.year)
  const filter: ReportFilter = {
    report: search.report === 'ccpa' ? 'ccpa' : undefined,
    from: day(search.from),
    to: day(search.to),
    year: Number.isInteger(year) && year >= 2020 && year <= 2199 ? year : undefined,
  }
  return Object.fromEntries(Object.entries(filter).filter(([, v]) => v !== undefined))
}
