import { queryOptions } from '@tanstack/react-query'

import { api, held, items, type Schemas } from '../api/client'
import { call } from '../session/calls'
import { dateKey } from '../time/moment'
import { riskOf } from '../time/risk'

/** How far the chart looks. */
export const horizonDays = 30

export interface HorizonDay {
  day: string
  overdue: number
  amber: number
  neutral: number
  paused: number
}

export interface Horizon {
  days: HorizonDay[]
  zone: string
  /** What was due before the first day. */
  overdue_before: number
  /** More is owed than was counted. */
  more?: boolean
}

/** counts says whether the server counts by itself; one that does not is asked for the list, and it is counted here. */
export const horizonQuery = (zone: string, counts: boolean) =>
  queryOptions({ queryKey: ['obligations', 'horizon', zone, counts], queryFn: () => (counts ? told() : counted(zone)) })

async function told(): Promise<Horizon> {
  const answer = await call<Omit<Horizon, 'days'> & { days: HorizonDay[] | null }>('GET', `/v1/obligations/horizon?days=${horizonDays}`)
  return { ...answer, days: answer.days ?? [] }
}

const pages = 5

async function counted(zone: string): Promise<Horizon> {
  const days = new Map<string, HorizonDay>()
  const end = new Date(Date.now() + horizonDays * 24 * 60 * 60_000).toISOString()
  let cursor: string | undefined
  for (let page = 0; page < pages; page++) {
    const answer = await held(api.GET('/v1/obligations', { params: { query: { limit: 200, due_before: end, cursor } } }))
    for (const line of items(answer)) add(days, line, zone)
    cursor = answer.next_cursor
    if (!cursor) break
  }
  const today = dateKey(Date.now(), zone)
  const all = [...days.values()]
  const before = all.filter((d) => d.day < today).reduce((n, d) => n + d.overdue, 0)
  return { days: all.filter((d) => d.day >= today), zone, overdue_before: before, more: cursor !== undefined }
}

const parts = { overdue: 'overdue', soon: 'amber', track: 'neutral', paused: 'paused' } as const

function add(days: Map<string, HorizonDay>, line: Schemas['BoardLine'], zone: string) {
  const key = dateKey(line.due, zone)
  const day = days.get(key) ?? { day: key, overdue: 0, amber: 0, neutral: 0, paused: 0 }
  const risk = riskOf(line.state, line.due, line.earliest_safe, Date.now())
  if (risk !== 'done') day[parts[risk]]++
  days.set(key, day)
}
