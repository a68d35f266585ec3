type Dictionary = Record<string, string>

/** A code in the words of a dictionary; one that is new to this console is told in its own letters. */
export function word(dictionary: Dictionary, code: string | undefined): string {
  if (!code) return ''
  return dictionary[code] ?? plain(code)
}

/** some_code or some-code as words: Some code. */
export function plain(code: string): string {
  const text = code.replaceAll(/[_.-]+/g, ' ').trim()
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-GB')} ${n === 1 ? one : many}`
}

/** Bytes as people read them. */
export function bytes(n: number): string {
  if (n < 1000) return count(n, 'byte')
  for (const unit of ['kB', 'MB', 'GB']) {
    n /= 1000
    if (n < 1000 || unit === 'GB') return `${n < 10 ? n.toFixed(1) : Math.round(n).toLocaleString('en-GB')} ${unit}`
  }
  return ''
}

const lists = new Intl.ListFormat('en-GB')

/** Names in a row: A, B and C. */
export const inAList = (names: string[]): string => lists.format(names)
