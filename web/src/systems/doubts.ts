/** A line of a draft that a person should look at. */
export interface Doubt {
  line: number
  /** The collection, or the collection and its field. */
  where: string
  why: string
}

/** Reads out of a draft what is still marked: who has looked at a line takes the mark away, or with it the line. */
export function doubtsOf(draft: string): Doubt[] {
  let collection = ''
  return draft.split('\n').flatMap((text, i) => {
    const name = /^ +- \{?name: "?([^",}#]+?)"?(?:[,}]| #|$)/.exec(text)?.[1]
    const isField = /^ {10}/.test(text)
    if (name && !isField) collection = name
    const why = /# (?:guess, unsure|look): (.+)$/.exec(text)?.[1]
    if (!why || text.startsWith('#')) return []
    return [{ line: i + 1, where: name && isField ? `${collection}.${name}` : collection, why }]
  })
}
