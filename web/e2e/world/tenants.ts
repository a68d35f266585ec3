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

function make(slug: string, name: string, settings: unknown) {
  docket(['tenant', 'create', '--slug', slug, '--name', name, '--country', 'IE', '--zone', 'Europe/Dublin', '--language', 'en', '--regime', 'gdpr',
    '--profile', beside('./profile.json'), '--settings', '-', '--json'], JSON.stringify(settings))
}
