import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'

/** What is decided on as it was read: a plan of erasure, corrections, or a review. */
export type Readable = 'plan' | 'corrections' | 'review'

interface Words {
  this: string
  changed: string
  gone: string
  read: string
}

const words: Record<Readable, Words> = {
  plan: { this: 'This approves the plan with the check sum', changed: 'The plan has changed since you opened this.', gone: 'There is none now.', read: 'I have read the new plan' },
  corrections: { this: 'This writes the corrections with the check sum', changed: 'The corrections have changed since you opened this.', gone: 'There are none now.', read: 'I have read them as they are now' },
  review: { this: 'This answers with the review with the check sum', changed: 'There is another review since you opened this.', gone: 'There is none now.', read: 'I have read the new review' },
}

interface Props {
  of: Readable
  request: string
  /** The check sum of what was read. */
  read: string
  /** What there is now, with its sums in a sentence. */
  now?: { sha256: string; short: string }
  onRead: () => void
}

/** Says which plan or corrections a decision is for; where there is another by now, asks to have that read. */
export function AsRead({ of, request, read, now, onRead }: Props) {
  const say = words[of]
  if (now?.sha256 === read) return <p className="dim" style={{ margin: 0 }}>{say.this} <code>{read.slice(0, 16)}…</code>, and no other.</p>
  return (
    <div role="alert">
      <p style={{ margin: '0 0 4px' }}><strong>{say.changed}</strong> {now ? `It says now: ${now.short}` : say.gone} {of === 'plan' && <><Link to="/requests/$id/plan" params={{ id: request }}>Read it as it is now</Link> before you approve it.</>}</p>
      {now && <Button size="xs" variant="default" onClick={onRead}>{say.read}</Button>}
    </div>
  )
}
