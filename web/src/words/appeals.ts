// How the console calls what the register knows of appeals by codes.

export const appealKinds: Record<string, string> = { appeal: 'Appeal', complaint: 'Complaint' }

export const appealStates: Record<string, string> = { open: 'To be decided', granted: 'Granted', denied: 'Denied', withdrawn: 'Taken back' }
