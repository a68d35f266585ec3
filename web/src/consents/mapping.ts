import { wordsIn, type FirstLines } from './firstLines'
import type { Channel, Mapping } from './queries'

/** What the columns of a list mean, as it is filled in: '' is not said. */
export interface MappingDraft {
  name: string
  purpose: string
  channel: Channel
  address: string
  /** A kind, or 'column': then each line says it in a column. */
  kind: string
  kind_column: string
  kinds: Record<string, string>
  at: string
  at_layout: string
  country: string
  default_country: string
  language: string
  relation: string
  refusable: boolean
  source_column: string
  url: string
  ip: string
  evidence: string[]
  /** A language and a version: en 2. */
  text: string
  delimiter: string
}

export const emptyMapping: MappingDraft = {
  name: '', purpose: '', channel: 'email', address: '', kind: '', kind_column: '', kinds: {}, at: '', at_layout: 'rfc3339', country: '', default_country: '', language: '', relation: '',
  refusable: false, source_column: '', url: '', ip: '', evidence: [], text: '', delimiter: '',
}

export const byColumn = 'column'

/** What columns are likely to mean, by their names: a beginning, that is looked over. */
export function guess({ columns }: FirstLines): Partial<MappingDraft> {
  const like = (fits: RegExp) => columns.find((c) => fits.test(c)) ?? ''
  return { address: like(/e-?mail|address/i), country: like(/^country/i), language: like(/^lang/i), at: like(/date|since|_at$|time|timestamp/i) }
}

/** Whether the kind of any line of the list has to do with something on which consent is implied. */
export function needsRelation(d: MappingDraft): boolean {
  const kinds = d.kind === byColumn ? Object.values(d.kinds) : [d.kind]
  return kinds.some((k) => k === 'refreshed' || k === 'began' || k === 'ended')
}

/** What is still missing before the list can be handed in. */
export function missing(d: MappingDraft, lines: FirstLines): string | undefined {
  if (!d.name.trim()) return 'Give the list a name.'
  if (!d.purpose) return 'Say which purpose it is about.'
  if (!d.address) return 'Say which column has the address.'
  if (!d.kind || (d.kind === byColumn && !d.kind_column)) return 'Say what happened.'
  if (d.kind === byColumn && wordsIn(lines, d.kind_column).some((w) => !d.kinds[w])) return 'Say what each word of the column means.'
  if (needsRelation(d) && !d.relation) return 'Say what consent is implied by.'
  return undefined
}

/** The mapping as the API takes it. */
export function toMapping(d: MappingDraft): Mapping {
  const [language, version] = d.text.split(' ')
  const said = {
    at: d.at, at_layout: d.at ? d.at_layout : '', country: d.country, default_country: d.default_country, language: d.language, relation: needsRelation(d) ? d.relation : '',
    source_column: d.source_column, url: d.url, ip: d.ip, delimiter: d.delimiter, kind: d.kind === byColumn ? '' : d.kind, kind_column: d.kind === byColumn ? d.kind_column : '', text_language: version ? language : '',
  }
  return {
    ...Object.fromEntries(Object.entries(said).filter(([, v]) => v)), address: d.address, purpose: d.purpose, channel: d.channel,
    ...(d.kind === byColumn && Object.keys(d.kinds).length > 0 ? { kinds: d.kinds } : {}), ...(needsRelation(d) && d.refusable ? { refusable: true } : {}), ...(d.evidence.length > 0 ? { evidence: d.evidence } : {}),
    ...(version ? { text: Number(version) } : {}),
  }
}

/** What each column that is used means, for the lines that are shown. */
export function meanings(d: MappingDraft): Record<string, string> {
  const of: [string, string][] = [
    ...d.evidence.map((c): [string, string] => [c, 'kept as evidence']), [d.ip, 'network address'], [d.url, 'page'], [d.source_column, 'where from'], [d.language, 'language'], [d.country, 'country'],
    [d.at, 'when'], [d.kind === byColumn ? d.kind_column : '', 'what happened'], [d.address, 'address'],
  ]
  return Object.fromEntries(of.filter(([c]) => c))
}
