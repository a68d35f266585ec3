import Papa from 'papaparse'

import type { Mapping } from './queries'

type Delimiter = NonNullable<Mapping['delimiter']>

export interface FirstLines {
  columns: string[]
  /** Some of the lines behind the first, as they stand there. */
  rows: string[][]
  /** What was found between the columns. */
  delimiter: Delimiter
}

/** How much of a file is looked at, in bytes: as much as the server looks at. */
const looked = 64 << 10
const signs: Record<Delimiter, string> = { comma: ',', semicolon: ';', tab: '\t' }

/** Reads the first lines of a list in this window, as the server will: nothing of it is sent. */
export async function firstLines(file: File, said?: Delimiter): Promise<FirstLines> {
  const text = (await file.slice(0, looked).text()).replace(/^\uFEFF/, '')
  const delimiter = said ?? found(text)
  const { data } = Papa.parse<string[]>(text, { delimiter: signs[delimiter], skipEmptyLines: true })
  if (file.size > looked && data.length > 1) data.pop() // it may be cut off
  const [columns = [], ...rows] = data
  return { columns: columns.map((c) => c.trim()).filter((c) => c !== ''), rows, delimiter }
}

/** What stands most often in the first line. */
function found(text: string): Delimiter {
  const [line = ''] = text.split('\n', 1)
  const counted = (Object.keys(signs) as Delimiter[]).map((d) => ({ d, n: line.split(signs[d]).length - 1 }))
  return counted.reduce((best, c) => (c.n > best.n ? c : best)).d
}

/** The words that stand in a column of the first lines, each once. */
export function wordsIn({ columns, rows }: FirstLines, column: string): string[] {
  const at = columns.indexOf(column)
  return at < 0 ? [] : [...new Set(rows.map((r) => (r[at] ?? '').trim()).filter((w) => w !== ''))].slice(0, 50)
}
