// How the console calls what the register knows of corrections by codes.

export const correctionStates: Record<string, string> = {
  proposed: 'To be decided',
  accepted: 'Accepted',
  refused: 'Refused',
  taken_back: 'Taken back',
  written: 'Written',
  by_hand: 'Corrected by hand',
  overtaken: 'Overtaken',
}

/** What two of them mean for what is in the system. */
export const correctionExplained: Record<string, string> = {
  overtaken: 'Rows said something else by the time it was to be written, and were left as they are. Propose it anew from what they say now.',
  by_hand: 'A person has corrected it in the system; a note says how.',
}

export const writingStates: Record<string, string> = {
  pending: 'Waiting',
  running: 'Being written',
  done: 'Written and read back',
  failed: 'Could not be written',
  by_hand: 'Done by hand',
}

/** What a person is found by, in the middle of a sentence. */
export const identityKinds: Record<string, string> = {
  email: 'e-mail address',
  phone_number: 'telephone number',
  customer_id: 'customer number',
}
