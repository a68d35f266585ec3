export const mailClasses: Record<string, string> = {
  commercial: 'Commercial: it advertises',
  transactional: 'Transactional: a receipt, a delivery, a notice about an account',
  asking_consent: 'Asking for consent to commercial messages',
}

export const mailConsents: Record<string, string> = {
  unknown: 'Not known',
  express: 'They have asked for it',
  implied: 'By a relationship, as after a purchase',
  none: 'No',
}

export const trackingConsents: Record<string, string> = { unknown: 'Not known', yes: 'Yes', no: 'No' }

export const severities: Record<string, string> = { error: 'Errors', warning: 'Warnings', note: 'Notes' }

export const severityMeans: Record<string, string> = {
  error: 'A law or a rule of mailbox providers is broken.',
  warning: 'Likely, or not to be told for sure. Look at each.',
  note: 'Worth knowing.',
}

export const outcomes: Record<string, string> = {
  errors: 'It must not go out as it is',
  warnings: 'Look at it before it goes out',
  fine: 'It may go out',
}

export const domainStates: Record<string, string> = { pending: 'Not verified yet', verified: 'Verified', lapsed: 'Lapsed: its record is missing' }

export const marks: Record<string, string> = { verified: 'read in the source', secondary: 'from a secondary source', knowledge: 'from knowledge' }

/** The countries whose laws on messages are known here. For all others the rules of mailbox providers count. */
export const mailCountries = [
  'AT', 'AU', 'BE', 'BG', 'CA', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GB', 'GR', 'HR', 'HU', 'IE', 'IS', 'IT', 'KR', 'LI', 'LT', 'LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK', 'US',
]
