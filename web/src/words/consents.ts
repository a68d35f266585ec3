// How the console calls what the ledger of consents knows by codes.

export const channels: Record<string, string> = { email: 'E-mail', sms: 'Text message', phone: 'Call', post: 'Post', push: 'Push message' }

/** What an address is found by, named by a channel that has such addresses. */
export const addressKinds: Record<string, string> = { email: 'E-mail address', sms: 'Telephone number', post: 'Customer number' }

/** The channels of each kind of address. */
export const channelsOf: Record<string, string[]> = { email: ['email'], sms: ['sms', 'phone'], post: ['post', 'push'] }

export const messageClasses: Record<string, string> = {
  commercial: 'Commercial: it advertises',
  transactional: 'Transactional: facts about what the person bought or asked for',
  asking_consent: 'Asking for consent',
  charitable: 'A charity’s',
  fundraising: 'Fundraising, of a charity or a party',
}

/** What somebody can tell of, as a choice. */
export const toldKinds: Record<string, string> = {
  withdrawn: 'They do not want it any more',
  given: 'They have agreed',
  confirmed: 'They have confirmed it from their mailbox, and we have the proof',
  refreshed: 'Something happened on which consent is implied, such as a purchase',
  began: 'Something began on which consent is implied while it lasts, such as a membership',
  ended: 'Such a thing has ended',
  published: 'They have published the address',
  disclosed: 'They have given us the address',
}

/** What a line of the ledger says. */
export const happened: Record<string, string> = {
  requested: 'Signed up, to be confirmed',
  given: 'Agreed',
  confirmed: 'Confirmed it from the mailbox',
  refreshed: 'Implied consent',
  began: 'Began',
  ended: 'Ended',
  published: 'The address was published',
  disclosed: 'The address was given to us',
  withdrawn: 'Withdrew',
  expired: 'Implied consent was over',
}

export const hows: Record<string, string> = {
  form: 'by a form', import: 'from a list that was imported', staff: 'recorded by staff', api: 'told by a system of yours', confirmation: 'by the letter of confirmation',
  one_click: 'by one click in a message', page: 'on the page of their link', system: 'by Docket', timer: 'by the calendar',
}

/** What is refreshed, begins or ends, and what the person did by it. */
export const relations: Record<string, string> = {
  purchase: 'a purchase', lease: 'a lease', barter: 'a barter', accepted_opportunity: 'a business opportunity that was taken', contract: 'a contract', inquiry: 'an inquiry', application: 'an application',
  negotiation: 'negotiations', donation: 'a donation', gift: 'a gift', volunteer_work: 'voluntary work', meeting_attended: 'a meeting that they attended', membership: 'a membership', subscription: 'a subscription',
  account: 'an account', loan: 'a loan',
}

/** Relations that last. */
export const lasting = ['contract', 'membership', 'subscription', 'account', 'loan']

/** Why a message may go out, or may not. */
export const reasons: Record<string, string> = {
  express: 'they have agreed', confirmed: 'they have agreed, and confirmed it from their mailbox', implied: 'consent is implied by what they did', relation_in_force: 'consent is implied by a relation that lasts',
  published: 'they have published the address', disclosed: 'they have given us the address', soft_opt_in: 'they are a customer, and could refuse when they gave the address',
  opt_out_model: 'nobody has to agree beforehand, and nothing stands against it', exempt: 'such a message needs no consent',
  barred: 'a limit stands against it', withdrawn: 'they do not want it any more', unconfirmed: 'they have agreed, but not confirmed it from their mailbox', window_over: 'what consent was implied by is too long ago',
  no_solicitation: 'the address came with a statement against such messages', not_relevant: 'the message does not concern their role, for which the address was published', not_similar: 'it is not about goods like those that they bought',
  not_refusable: 'they were offered no way to refuse when they gave the address', no_consent: 'nothing is known on which it could rest', no_law: 'no law is known that allows it', paused: 'they want nothing for a time',
}

export const remedies: Record<string, string> = {
  express: 'they agree, by themselves', confirm: 'they confirm it from their mailbox', end_bar: 'what stands against it ends, or they confirm that they want messages',
  relevant: 'the message concerns their business or role', similar: 'the message is about your own goods like those that they bought', renew_relation: 'a new purchase or inquiry is on record', await_end: 'the pause is over, or they end it',
}

/** The laws on messages, as practitioners call them. */
export const messageLaws: Record<string, string> = {
  casl: 'CASL', 'can-spam': 'CAN-SPAM', 'au-spam': 'Spam Act 2003', 'uk-pecr': 'PECR', 'eu-eprivacy': 'ePrivacy Directive and GDPR', elsewhere: 'Where no law on messages is known',
  mailbox: 'Rules of mailbox providers',
}

export const frequencies: Record<string, string> = { any: 'whenever there is something', weekly: 'at most once a week', monthly: 'at most once a month' }

export const importStates: Record<string, string> = {
  waiting: 'Waiting for its file', checking: 'Being read through', checked: 'Read through, nothing written', running: 'Being written', stopped: 'Stopped', done: 'Written', failed: 'Given up',
}

export const layouts: Record<string, string> = {
  rfc3339: '2026-05-03T12:00:00Z', datetime: '2026-05-03 12:00:00', date: '2026-05-03', eu_date: '03.05.2026', us_date: '05/03/2026', unix: '1777809600 (seconds)',
}

export const delimiters: Record<string, string> = { comma: 'Comma', semicolon: 'Semicolon', tab: 'Tab' }

/** How a system that has to hear who wants no more hears of it. */
export const receiverKinds: Record<string, string> = { http: 'It is told, by signed JSON', listmonk: 'listmonk, told by its own API', pull: 'It asks by itself' }

/** How the withdrawals of a day stand, which such a system has to confirm. */
export const handoverStates: Record<string, string> = {
  open: 'Open', half_gone: 'Half of the time gone', overdue: 'Overdue', confirmed: 'Confirmed', confirmed_late: 'Confirmed late', retired: 'Ended unconfirmed',
}

const atOnce = 'At once, says the law, without a number of days. Two days are a target of our own.'

/** Until when a message may still go out to somebody who does not want it any more, by each law. */
export const unsubscribeTimes: Record<string, string> = {
  casl: '10 business days from when the person said so. The Act does not say what a business day is, so weekends alone are left out and no holiday is relied on.',
  'can-spam': '10 business days from when it came in. Weekends alone are left out, and no holiday is relied on.',
  'au-spam': '5 business days, of which the day on which the person said so is the first.',
  mailbox: 'Two days for every e-mail, wherever the person lives: a sender that is slower ends up in the spam folder.',
  'uk-pecr': atOnce, 'eu-eprivacy': atOnce, elsewhere: atOnce,
}
