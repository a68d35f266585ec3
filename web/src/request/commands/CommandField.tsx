import { Select, Textarea, TextInput } from '@mantine/core'

import type { Standing } from './allowed'
import type { Command, Field } from './catalogue'
import { choicesOf, chosen } from './fields'
import { extensionOf } from './rules'

const labels: Record<Field, string> = {
  reason: 'Ground of the refusal',
  extension: 'Why the answer takes longer',
  until: 'Until',
  explanation: 'Explanation for the person',
  note: 'Note for the file',
  question: 'Your question to the person',
  answer: 'What the person answered',
  pause: 'What the clock waits for',
  paused: 'What was waited for',
  system: 'System',
  obligation: 'What is overdue',
  also_proven: 'What else is proven',
}

const hints: Partial<Record<Field, string>> = {
  explanation: 'It is written into the letter as it stands.',
  question: 'It is written into the letter as it stands.',
  note: 'For staff only.',
  answer: 'For staff only.',
}

// What the note of some commands has to say.
const noteHints: Record<string, string> = {
  'done-by-hand': 'What was done, by whom, and how it was checked.',
  uphold: 'Why it is granted. For staff only.',
  recollect: 'Why. For staff only.',
  'return-plan': 'What is wrong with the plan. Whoever prepared it reads it.',
}

interface Props {
  field: Field
  of: Command
  at: Standing
  value: string
  set: (value: string) => void
}

export function CommandField({ field, of, at, value, set }: Props) {
  if (field === 'until') {
    if (!extensionOf(at.detail, at.regime)?.open) return null
    return <TextInput mt="sm" type="date" label={labels.until} description="The day that the notice names: this law sets no limit of its own." required value={value} onChange={(e) => set(e.currentTarget.value)} />
  }
  if (field === 'also_proven') {
    return <Select mt="sm" label={labels.also_proven} description="Systems are searched by it. A passport proves no telephone number: choose what you have seen to be theirs." clearable placeholder="Only the mailbox" data={choicesOf(field, at)} value={value || null} onChange={(v) => set(v ?? '')} />
  }
  if (chosen.includes(field)) {
    return <Select mt="sm" label={labels[field]} required data={choicesOf(field, at)} value={value || null} onChange={(v) => set(v ?? '')} searchable={field === 'reason'} nothingFoundMessage="The law knows no such ground" />
  }
  const proof = field === 'note' && of.name === 'confirm-identity'
  const needed = field === 'question' || proof || (field === 'note' && ['exclude-system', 'done-by-hand', 'return-plan', 'uphold'].includes(of.name))
  return (
    <Textarea mt="sm" label={labels[field]} description={proof ? 'How you made sure who asks, and what you compared with what.' : (noteHints[of.name] ?? hints[field])} required={needed} autosize minRows={2} maxRows={10} maxLength={10000}
      value={value} onChange={(e) => set(e.currentTarget.value)} />
  )
}
