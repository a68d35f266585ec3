// The areas of the API that a key can be narrowed to, and whether a key can change something there. The server decides: a
// scope that it does not know is refused.
const areas: [area: string, name: string, writes: boolean][] = [
  ['requests', 'Requests', true],
  ['commands', 'Commands on requests', true],
  ['tasks', 'Tasks', true],
  ['messages', 'Letters and the conversation', true],
  ['identity', 'Proofs of identity', true],
  ['review', 'What is left out of answers', true],
  ['obligations', 'The board', false],
  ['reports', 'Reports', false],
  ['events', 'Live events', false],
  ['systems', 'Systems', true],
  ['datasets', 'Datasets', true],
  ['policies', 'Laws, calendars, letters', false],
  ['people', 'Staff', true],
  ['tenant', 'The tenant', true],
  ['keys', 'API keys', true],
  ['limits', 'Limits, and asking whether data may be used', true],
  ['webhooks', 'Webhooks', true],
  ['mail', 'Checking messages, and their domains', true],
  ['audit', 'The audit log', false],
]

export const scopeChoices = areas.flatMap(([area, name, writes]) => {
  const read = { value: `${area}:read`, label: `${name}: read` }
  const write = { value: `${area}:write`, label: `${name}: change` }
  if (area === 'commands') return [write] // nothing is read there
  return writes ? [read, write] : [read]
})
