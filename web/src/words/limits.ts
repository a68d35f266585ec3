// How the console calls what the register knows of limits by codes.

/** What a limit, or whoever asks for one, is against. */
export const limitKinds: Record<string, string> = {
  restriction: 'Restriction',
  direct_marketing: 'Direct marketing',
  legitimate_interest: 'Legitimate interests',
  public_task: 'Public task',
  research: 'Research and statistics',
  sale: 'Sale and sharing',
  targeted_advertising: 'Targeted advertising',
  profiling: 'Profiling',
  sensitive_use: 'Sensitive data',
}

/** What it means, in a sentence. */
export const limitExplained: Record<string, string> = {
  restriction: 'The data is kept and not used, but with consent, for legal claims, to protect somebody else, or for an important public interest.',
  direct_marketing: 'No advertising to the person, and no profiles for it. Nothing can be weighed against it.',
  legitimate_interest: 'Nothing is done with the data that rests on the legitimate interests of the company.',
  public_task: 'Nothing is done with the data that rests on a public task.',
  research: 'The data is not used for research or statistics.',
  sale: 'The data is not sold, and not shared for advertising.',
  targeted_advertising: 'No advertising is aimed at the person.',
  profiling: 'No profiles of the person are made or used.',
  sensitive_use: 'Sensitive data is used for what the person asked for and for security only.',
  suppression: 'The person was erased: nobody writes to them, and nothing of them is sold or shared.',
}

export const restrictionGrounds: Record<string, string> = {
  accuracy_contested: 'The data is said to be wrong',
  unlawful: 'The use is unlawful, and it should not be erased',
  legal_claims: 'The person needs it for legal claims',
  objection_pending: 'An objection is not decided yet',
}

export const groundExplained: Record<string, string> = {
  accuracy_contested: 'Restricted until it is checked. Art. 18(1)(a) GDPR',
  unlawful: 'The person wants a restriction in place of the erasure. Art. 18(1)(b) GDPR',
  legal_claims: 'Nobody else needs it any more. Art. 18(1)(c) GDPR',
  objection_pending: 'Restricted while the grounds are weighed. Art. 18(1)(d) GDPR',
}

export const markStates: Record<string, string> = {
  pending: 'Waiting',
  running: 'Being set',
  done: 'Set',
  failed: 'Could not be set',
  by_hand: 'Set by hand',
}

export const liftedMarkStates: Record<string, string> = {
  pending: 'Waiting to be taken away',
  running: 'Being taken away',
  done: 'Taken away',
  failed: 'Could not be taken away',
  by_hand: 'Taken away by hand',
}

export const balanceOutcomes: Record<string, string> = {
  grounds_override: 'The grounds override',
  person_prevails: 'The person prevails',
}

export const liftReasons: Record<string, string> = {
  ground_gone: 'Its ground is gone',
  person_asked: 'The person wants it lifted',
  fraud_belief: 'The opt-out is fraudulent',
}

export const purposes: Record<string, string> = {
  service: 'What the person asked for: an order, an account, an answer',
  security: 'Security',
  direct_marketing: 'Direct marketing',
  targeted_advertising: 'Targeted advertising',
  sale: 'Sale',
  sharing: 'Sharing for advertising elsewhere',
  profiling: 'Profiling',
  research: 'Research and statistics',
  analytics: 'Analytics',
  other: 'Something else',
}

export const bases: Record<string, string> = {
  consent: 'Consent, (a)',
  contract: 'Contract, (b)',
  legal_obligation: 'Legal obligation, (c)',
  vital_interests: 'Vital interests, (d)',
  public_task: 'Public task, (e)',
  legitimate_interests: 'Legitimate interests, (f)',
}

export const operations: Record<string, string> = {
  store: 'Only keeping it',
  use_for_legal_claim: 'For a legal claim',
  protect_other_person: 'To protect somebody else’s rights',
  important_public_interest: 'For an important public interest',
}

/** Why a limit stands against a use. */
export const blockReasons: Record<string, string> = {
  restricted: 'The data is restricted: it is only kept.',
  purpose: 'The person does not want it used for this purpose.',
  basis: 'The person objected to what rests on this lawful basis, and it is not decided against them.',
  basis_unknown: 'The person objected to a lawful basis, and none was named here: name the one this use rests on and ask again.',
  sensitive: 'Sensitive data is used for what the person asked for and for security only.',
  suppressed: 'The person was erased and must not come back by a list.',
}

/** Why somebody who was erased may be taken in again. */
export const cameBackReasons: Record<string, string> = {
  consent: 'They signed up anew',
  contract: 'They are a customer again',
  mistake: 'Somebody else was meant',
}
