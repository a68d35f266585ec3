import { blocking } from '../words/erasures'
import { count, inAList } from '../words/words'
import { dayInWords } from './days'
import type { Decision, ErasedSystem, Erasure, Line, PlanOfSystem } from './queries'

export const addressOf = (l: { dataset: string; collection: string }) => `${l.dataset}.${l.collection}`

/** The lines of a system, as the plan has them. */
export const linesOf = (s: PlanOfSystem): Line[] => s.lines ?? []

export const allLines = (e: Erasure): Line[] => (e.plan.systems ?? []).flatMap(linesOf)

export function decisionsOn(e: Erasure, l: { dataset: string; collection: string }): Decision[] {
  return (e.decisions ?? []).filter((d) => addressOf(d) === addressOf(l))
}

/** The first problem of a line that somebody must decide on, and nobody has. */
export function undecided(e: Erasure, l: Line) {
  if (decisionsOn(e, l).some((d) => d.kind === 'accept')) return undefined
  return (l.problems ?? []).find((p) => blocking.includes(p.code))
}

/** Whether something was decided, or taken back, since the plan was made: it says another thing than it would if it were made now. */
export function outdated(e: Erasure): boolean {
  const newer = (e.decisions ?? []).some((d) => d.kind !== 'accept' && Date.parse(d.at) > Date.parse(e.created_at))
  return newer || allLines(e).some((l) => {
    const on = decisionsOn(e, l)
    const keptByDecision = (l.kept ?? []).some((k) => k.ground === 'decision')
    return (keptByDecision && !on.some((d) => d.kind === 'keep')) || (!!l.claimed && !on.some((d) => d.kind === 'claim'))
  })
}

/** Whether a member of staff prepared the plan: proposed it or decided on it, themselves or through a key that they made. They don't approve it. */
export function prepared(e: Erasure, staff: string | null | undefined): boolean {
  return !!staff && (e.prepared_by ?? []).includes(staff)
}

/** Whether a line changes anything; one that found nothing is carried out all the same. */
export function touches(l: Line): boolean {
  return !!l.delete || [l.masks, l.trim, l.parts].some((m) => (m ?? []).length > 0)
}

/** What happens in a collection, in a sentence or two. */
export function happens(l: Line): string {
  const kept = l.kept ?? []
  if (kept.length > 0 && !l.days) return 'Everything stays as it is.'
  const all = l.days ? 'the rows that no rule keeps' : 'the rows'
  const sentences: string[] = []
  if (l.days && l.rows.erased === 0 && l.rows.kept > 0) sentences.push('A rule keeps every row for now.')
  else if (l.delete) sentences.push(`${upper(all)} are deleted.`)
  else if ((l.masks ?? []).length > 0) sentences.push(l.method === 'anonymise' ? `${upper(all)} are anonymised: they stay for statistics, without whose they were.` : `In ${all}, what is personal is written over.`)
  if ((l.trim ?? []).length > 0 && l.rows.kept > 0) sentences.push('In the kept rows, what the rule does not need is written over.')
  if ((l.parts ?? []).length > 0) sentences.push('Where rows of others hold single entries of the person, these are taken out.')
  if (sentences.length === 0) return 'Nothing: no field holds personal data that could be erased.'
  return sentences.join(' ')
}

const upper = (s: string) => s.charAt(0).toUpperCase() + s.slice(1)

/** Sums of a system's lines. */
export function sumsOf(s: PlanOfSystem) {
  const sums = { erased: 0, kept: 0, others: 0, problems: 0 }
  for (const l of linesOf(s)) {
    sums.erased += erasedIn(l)
    sums.kept += l.rows.kept
    sums.others += l.rows.others
    sums.problems += (l.problems ?? []).length
  }
  return sums
}

/** A plan in one sentence. */
export function inShort(e: Erasure): string {
  const { rows, kept_until, systems, manual, asked } = e.totals
  const erased = allLines(e).reduce((sum, l) => sum + erasedIn(l), 0)
  return `${count(erased, 'row')} erased and ${count(rows.kept, 'row')} kept${kept_until ? `, until ${dayInWords(kept_until)} at the latest` : ''}, in ${count(systems, 'system')}${manual > 0 ? `, ${manual} of them by hand` : ''}${asked > 0 ? `, ${asked} by asking others` : ''}.`
}

/** The rows of a line that are deleted or masked: what a line does not touch is not erased. */
export const erasedIn = (l: Line) => (touches(l) ? l.rows.erased : 0)

/** Whether somebody was asked to erase in a system and has not said that all of it is. */
export const unsettled = (s: ErasedSystem) => !!s.asked && !['done', 'nothing'].includes(s.answer ?? 'none')

/** The systems in which nobody has confirmed the erasure, though somebody was asked to erase there. */
export const unconfirmed = (e: Erasure): ErasedSystem[] => (e.systems ?? []).filter(unsettled)

/** Whoever was asked to erase and has not said that all of it is, in words. */
export const notConfirming = (e: Erasure): string => inAList(unconfirmed(e).map((s) => s.asked ?? s.name))
