import { titleOf, type Purpose } from './queries'

/** Codes and their words as what can be chosen. */
export const choices = (of: Record<string, string>) => Object.entries(of).map(([value, label]) => ({ value, label }))

/** The purposes that are used, by how people know them. */
export const purposeChoices = (purposes: Purpose[]) =>
  purposes.filter((p) => !p.retired_at).map((p) => { const title = titleOf(purposes, p.key); return { value: p.key, label: title === p.key ? p.key : `${title} (${p.key})` } })

const names = new Intl.DisplayNames('en', { type: 'region' })

/** The countries whose laws on messages are known, and others that people ask about: any has its letters. */
const letters = 'AR AT AU BE BG BR CA CH CL CN CO CY CZ DE DK EE ES FI FR GB GR HK HR HU IE IL IN IS IT JP KR LI LT LU LV MT MX MY NL NO NZ PH PL PT RO SE SG SI SK TH TR TW UA US VN ZA'.split(' ')
export const countries = letters.map((value) => ({ value, label: names.of(value) ?? value })).sort((a, b) => a.label.localeCompare(b.label))

export const countryName = (code: string | undefined) => (code ? (names.of(code) ?? code) : undefined)
