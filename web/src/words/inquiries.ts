// How the console calls what the register knows of inquiries by codes.

export const inquiryPurposes: Record<string, string> = {
  copy: 'A copy of the data', erase: 'To erase the data', correct: 'To correct the data', limit: 'To keep to a limit', lift: 'A limit has ended',
}

export const inquiryStates: Record<string, string> = { open: 'About to be asked', asked: 'Asked', answered: 'Answered', closed: 'Asked no more' }

export const inquiryOutcomes: Record<string, string> = { done: 'Done', nothing: 'Nothing is held', partly: 'Done in part', refused: 'Refused' }

export const inquiryChannels: Record<string, string> = { opendsr: 'by OpenDSR', email: 'by e-mail', manual: 'by a member of staff' }
