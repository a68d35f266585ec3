// How the console calls what the register knows of contested decisions by codes.

export const reviewOutcomes: Record<string, string> = {
  upheld: 'The decision stays',
  changed: 'The decision is changed',
  annulled: 'The decision no longer holds',
}
