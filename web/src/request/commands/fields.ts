import { alsoProven, extensionReasons, obligations, pauses } from '../../words/cases'
import { plain, word } from '../../words/words'
import { failedIn, late, type Standing } from './allowed'
import type { Command, Field } from './catalogue'
import { extensionOf, groundsOf, openPauses, pausesOf } from './rules'

export type Values = Partial<Record<string, string>>

interface Choice {
  value: string
  label: string
}

/** What a field lets choose from: what the law and the request's own state leave open. */
export function choicesOf(field: Field, at: Standing): Choice[] {
  const { detail, regime, owed } = at
  switch (field) {
    case 'reason': return groundsOf(detail, regime).map((g) => ({ value: g.reason, label: `${plain(g.reason)} (${g.citation.text})` }))
    case 'extension': return (extensionOf(detail, regime)?.reasons ?? []).map((r) => ({ value: r, label: word(extensionReasons, r) }))
    case 'pause': return pausesOf(detail, regime).filter((p) => !openPauses(detail).some((o) => o.kind === p.kind)).map((p) => ({ value: p.kind, label: `Waiting for ${word(pauses, p.kind)} (${p.citation.text})` }))
    case 'paused': return openPauses(detail).map((p) => ({ value: p.kind, label: `Waiting for ${word(pauses, p.kind)}` }))
    case 'system': return failedIn(at).map((s) => ({ value: s.key, label: s.name }))
    case 'obligation': return owed.filter(late).map((o) => ({ value: o.id, label: word(obligations, o.kind) }))
    case 'also_proven': return Object.entries(alsoProven).map(([value, label]) => ({ value, label }))
    default: return []
  }
}

/** The fields that are chosen and not written. */
export const chosen: Field[] = ['reason', 'extension', 'pause', 'paused', 'system', 'obligation']

/** A ground of refusal is never chosen beforehand. */
export function firstValues(command: Command, at: Standing): Values {
  return Object.fromEntries(command.fields.filter((f) => chosen.includes(f)).map((f) => [f, f === 'reason' ? '' : (choicesOf(f, at)[0]?.value ?? '')]))
}

const names: Partial<Record<Field, string>> = { extension: 'reason', pause: 'kind', paused: 'kind', obligation: 'obligation_id' }

/** The body as the API knows it; what was left empty is left out. */
export function toBody(command: Command, values: Values): Record<string, string> {
  const filled = command.fields.map((f) => [names[f] ?? f, (values[f] ?? '').trim()] as const).filter(([, value]) => value !== '')
  return Object.fromEntries(filled)
}
