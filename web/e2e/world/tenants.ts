import { randomUUID } from 'node:crypto'

import { beside, docket } from './stack'

/** Answers under several laws, so its form asks where people live. */
export const severalLaws = 'harbour-lane'

/** Demands a second factor of every member. */
export const strict = 'stone-gate'

/** Makes the tenants that the sample company cannot stand in for. */
export default function makeTenants() {
  make(severalLaws, 'Harbour Lane', { regimes: ['gdpr', 'uk-gdpr', 'ccpa'] })
  make(strict, 'Stone Gate', { second_factor: 'required' })
}

interface Own {
  slug: string
  /** Of an administrator. */
  key: string
}

/** A tenant for one scenario alone, which may turn everything in it over. */
export function ownTenant(name: string): Own {
  return make(`${name.toLowerCase().replaceAll(' ', '-')}-${randomUUID().slice(0, 8)}`, name, {})
}

function make(slug: string, name: string, settings: unknown): Own {
  return JSON.parse(docket(['tenant', 'create', '--slug', slug, '--name', name, '--country', 'IE', '--zone', 'Europe/Dublin', '--language', 'en', '--regime', 'gdpr',
    '--profile', beside('./profile.json'), '--settings', '-', '--json'], JSON.stringify(settings))) as Own
}
