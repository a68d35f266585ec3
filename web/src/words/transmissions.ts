// How the console calls what the register knows of transmissions by codes.

export const transmissionStates: Record<string, string> = { open: 'Being sent', sent: 'Sent', failed: 'Not sent', refused: 'Not feasible' }

export const transmissionReasons: Record<string, string> = {
  declined: 'The receiver said no',
  unreachable: 'The receiver could not be reached',
  redirected: 'The address leads on to another one, which is not followed',
  not_public: 'The address is not on the open internet',
  too_large: 'The data is too large to be sent in one piece',
  unread: 'The receiver answered before it had all of it',
  fault: 'Something failed on our side',
  unconfirmed: 'It went out, and no answer tells whether it was taken',
  package_gone: 'The package had had its time',
  not_feasible: 'It is not technically feasible',
}

export const askers: Record<string, string> = { subject: 'the person, on their page', person: 'staff', api_key: 'a program', system: 'Docket' }

/** Why a link by which others fetch ended. */
export const linkEnds: Record<string, string> = {
  taken_back: 'Taken back',
  used_up: 'Used up',
  expired: 'Expired',
  package_gone: 'Ended with the package',
  restored: 'Ended by a restore',
}
