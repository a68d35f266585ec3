import { parse } from 'yaml'

export interface Field {
  name: string
  categories: string[]
  identity?: string
  key: boolean
  references: { dataset: string; collection: string; direction?: string }[]
}

export interface Collection {
  name: string
  skipped: boolean
  fields: Field[]
}

interface RawField {
  name?: unknown
  data_categories?: unknown
  fields?: unknown
  fides_meta?: Meta
  fidesops_meta?: Meta
}

interface Meta {
  identity?: unknown
  primary_key?: unknown
  skip_processing?: unknown
  references?: unknown
}

const list = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : [])

/** Reads the outline of a dataset out of its annotation; what cannot be read yet, while it is written, is left out. */
export function collectionsOf(annotation: string): Collection[] {
  let read: unknown
  try {
    read = parse(annotation)
  } catch {
    return []
  }
  const dataset = list<{ collections?: unknown } | null>((read as { dataset?: unknown } | null)?.dataset)[0]
  return list<{ name?: unknown; fields?: unknown; fides_meta?: Meta } | null>(dataset?.collections)
    .filter((c) => typeof c?.name === 'string')
    .map((c) => ({ name: String(c?.name), skipped: c?.fides_meta?.skip_processing === true, fields: fieldsOf(c?.fields) }))
}

function fieldsOf(fields: unknown, above = ''): Field[] {
  return list<RawField | null>(fields).flatMap((f) => {
    if (!f || typeof f.name !== 'string') return []
    const name = above + f.name
    if (Array.isArray(f.fields)) return fieldsOf(f.fields, `${name}.`)
    const meta = f.fides_meta ?? f.fidesops_meta ?? {}
    return [{
      name, categories: list<string>(f.data_categories), identity: typeof meta.identity === 'string' ? meta.identity : undefined,
      key: meta.primary_key === true, references: list<Record<string, unknown>>(meta.references).map(referenceOf),
    }]
  })
}

function referenceOf(r: Record<string, unknown>) {
  return { dataset: String(r.dataset), collection: String(r.field).split('.')[0] ?? '', direction: typeof r.direction === 'string' ? r.direction : undefined }
}
