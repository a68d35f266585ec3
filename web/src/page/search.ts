/** What each key of an address may hold. */
export type Fits<F> = Record<keyof F, (value: string) => boolean>

/** An identifier, a short name or a cursor. */
export const token = (v: string) => /^[\w-]{1,400}$/.test(v)

/** A moment, as the API writes it. */
export const moment = (v: string) => v.length <= 40 && !Number.isNaN(new Date(v).getTime())

/** Reads out of an address what fits; what is not known is left out. */
export function fitting<F extends object>(search: Record<string, unknown>, fits: Fits<F>): F {
  const known = fits as Record<string, ((value: string) => boolean) | undefined>
  return Object.fromEntries(Object.entries(search).filter(([k, v]) => typeof v === 'string' && Object.hasOwn(known, k) && known[k]?.(v))) as F
}
