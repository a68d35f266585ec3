import { Button, TextInput } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconPoint } from '@tabler/icons-react'
import { useState } from 'react'

import { Facts } from '../page/Facts'
import { Panel } from '../page/Panel'
import { useZone } from '../session/session'
import { Day } from '../time/Moment'
import { exactly } from '../time/moment'
import { momentIn } from '../time/zoned'
import { channels, remedies } from '../words/consents'
import { word } from '../words/words'
import { countryName } from './choices'
import classes from './consents.module.css'
import { placeOf, type Found, type Then } from './lookUp'
import { titleOf, type Person, type Purpose, type Standing } from './queries'
import { becauseWords, dateOf, oftenWords, standingWords, verdictWords } from './sentences'

interface Props {
  found: Found
  person: Person
  purposes: Purpose[]
  look: (then: Then) => void
}

/** What stands for somebody now, or stood at a moment: purpose by purpose, each with the reason. */
export function Stands({ found, person, purposes, look }: Props) {
  const zone = useZone()
  const { then } = found
  const past = !!(then.at ?? then.known)
  const [choice] = person.preferences
  return (
    <Panel title={past ? 'What stood' : 'What stands'}>
      <Facts facts={[
        ['Address', person.address], ['Country', countryName(person.country) ?? 'Not known: every law has to say yes'], ['Language', person.language], ['Known since', <Day key="since" at={person.since} />],
        ['How often', oftenWords(choice?.frequency)], ['Pause', choice?.paused_until && `Nothing before ${dateOf(choice.paused_until)}`],
      ]} />
      {past && <p className={classes.then} role="status"><strong>As it stood {then.at ? `on ${exactly(then.at, zone)}` : 'until now'}</strong>, as far as it was known {then.known ? `on ${exactly(then.known, zone)}` : 'by now'}.{!then.known && ' Whether they could be written to is told by what was known then, and by the rules of today.'}</p>}
      <ul className={classes.stands}>
        {person.consents.map((s) => <One key={placeOf(s.purpose, s.channel)} standing={s} found={found} purposes={purposes} past={past} />)}
      </ul>
      {person.consents.length === 0 && <p className="dim">Nothing has happened to any consent of this address.</p>}
      <At then={then} look={look} />
    </Panel>
  )
}

function One({ standing: s, found, purposes, past }: { standing: Standing; found: Found; purposes: Purpose[]; past: boolean }) {
  const zone = useZone()
  const a = found.answers[placeOf(s.purpose, s.channel)]
  const title = titleOf(purposes, s.purpose)
  const Icon = !a ? IconPoint : a.allowed ? IconCircleCheck : IconCircleX
  const retired = purposes.some((p) => p.key === s.purpose && p.retired_at)
  return (
    <li className={classes.stand} data-may={a ? (a.allowed ? 'yes' : 'no') : undefined} aria-label={`${title}, ${word(channels, s.channel)}`}>
      <Icon size={20} stroke={1.6} aria-hidden />
      <div>
        <p className={classes.of}>{title} <span className="dim">· {word(channels, s.channel)}{retired && ' · no longer used'}</span></p>
        {a && <p><strong>{verdictWords(a, s.channel, past)}.</strong> {becauseWords(a, s, zone)}.</p>}
        <p className={a ? 'dim' : undefined}>{a ? 'In the ledger: ' : ''}{standingWords(s, zone)}.</p>
        {a && !a.allowed && (a.remedies?.length ?? 0) > 0 && <p className="dim">It would be a yes if {a.remedies?.map((r) => word(remedies, r)).join(', or if ')}.</p>}
      </div>
    </li>
  )
}

/** Asks about a moment that is past. */
function At({ then, look }: { then: Then; look: (then: Then) => void }) {
  const zone = useZone()
  const [at, setAt] = useState('')
  const [known, setKnown] = useState('')
  const ask = () => look({ ...(at ? { at: momentIn(at, zone) } : {}), ...(known ? { known: momentIn(known, zone) } : {}) })
  return (
    <form className={classes.at} aria-label="What about an earlier moment?" onSubmit={(e) => { e.preventDefault(); ask() }}>
      <TextInput size="xs" type="datetime-local" label="What stood on" description={`By the clock of ${zone}.`} value={at} onChange={(e) => setAt(e.currentTarget.value)} />
      <TextInput size="xs" type="datetime-local" label="As far as known on" description="Empty: all that is known by now." value={known} onChange={(e) => setKnown(e.currentTarget.value)} />
      <Button type="submit" size="xs" variant="default" disabled={!at && !known}>Show that moment</Button>
      {(then.at ?? then.known) && <Button size="xs" variant="subtle" onClick={() => { setAt(''); setKnown(''); look({}) }}>Back to now</Button>}
    </form>
  )
}
