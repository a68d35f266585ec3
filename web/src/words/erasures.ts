// How the console calls what a plan of erasure knows by codes.

export const planStates: Record<string, string> = {
  made: 'Under review',
  proposed: 'Waits for approval',
  approved: 'Approved',
  executing: 'Being carried out',
  done: 'Carried out',
  void: 'No longer valid',
}

/** What becomes of the values of a field, as the end of a sentence that begins with its name. */
export const fates: Record<string, string> = {
  deleted: 'goes with the row',
  null: 'is emptied',
  fixed: 'is written over with the same value for everybody',
  random: 'is written over with a random token',
  hash: 'is written over with a token: equal values get equal tokens, and nobody gets the value back',
  keyed_hash: 'is written over with a token made under a key of this erasure: equal values get equal tokens',
  format_preserving: 'keeps its form and loses its letters and digits',
  generalise: 'is made coarse: the year of a date, tens of a number, two characters of a text',
  not_personal: 'stays, for it says nothing about a person',
  key: 'stays, for it holds rows together and leads to nobody any more',
  unwritable: 'holds personal data and can’t be written',
  unchanged: 'stays, as the whole collection does',
}

export const grounds: Record<string, string> = {
  legal_duty: 'A law says that it must be kept',
  legal_claims: 'It may be kept for legal claims',
  security: 'It is needed against abuse',
  legal_hold: 'A legal hold keeps it',
  recourse: 'The person can still complain about an earlier request',
  decision: 'Somebody decided to keep it',
  suppression_list: 'The person stays on it',
}

export const decisions: Record<string, string> = {
  keep: 'Keep it',
  claim: 'Count the rows as the person’s',
  accept: 'Accept the problem',
}

export const decided: Record<string, string> = {
  keep: 'To be kept',
  claim: 'Counted as the person’s',
  accept: 'The problem is accepted',
}

/** The problems that keep a plan from being proposed until somebody has decided. */
export const blocking = ['unwritable', 'no_event', 'cascade', 'terms']

/** What a retention rule counts from, behind "from". */
export const events: Record<string, string> = {
  accounting_period_end: 'the end of the accounting period', accrued: 'when the claim arose', action: 'when it was acted on', consented: 'the consent', created: 'when it was made',
  departure: 'when somebody left', determined: 'when it was determined', ended: 'the end of the employment', filed: 'when the return was filed', financial_year_end: 'the end of the financial year',
  hired: 'when somebody was hired', incident: 'the incident', issued: 'when it was issued', known: 'when it became known', last_effective: 'the last day on which it had effect', last_used: 'the last message that was sent on it', processed: 'when it was processed', received: 'when it was received',
  recorded: 'when it was recorded', relationship_end: 'the end of the relationship', responded: 'the answer', tax_due: 'when the tax was due', tax_due_or_paid: 'when the tax was due or paid', tax_paid: 'when the tax was paid',
  tax_year_end: 'the end of the tax year', taxation_year_end: 'the end of the taxation year', transaction: 'the transaction', transaction_end: 'the end of the transaction', withdrawn: 'its withdrawal',
}

/** How far a recipient of data has been told of what was done with it. */
export const recipientStates: Record<string, string> = {
  to_tell: 'To be told',
  told: 'Told',
  confirmed: 'Has confirmed',
  not_told: 'Not told',
}

export const notToldReasons: Record<string, string> = {
  impossible: 'It is impossible',
  disproportionate: 'It would take disproportionate effort',
}

export const recipientRoles: Record<string, string> = { processor: 'processor', controller: 'controller' }

export const erasingStates: Record<string, string> = {
  pending: 'Waiting',
  running: 'Erasing',
  done: 'Erased and read back',
  failed: 'Failed',
  by_hand: 'Done by hand',
}

/** What somebody says who was asked to erase, behind "Asked of …: ". */
export const erasureAnswers: Record<string, string> = {
  none: 'no answer', done: 'they say that it is erased', nothing: 'they hold nothing', partly: 'they say that a part is erased', refused: 'they refused',
}
