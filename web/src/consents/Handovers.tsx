import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'

import rows from '../page/table.module.css'
import { Tag } from '../page/Tag'
import { Due } from '../time/Due'
import { Day } from '../time/Moment'
import { useNow } from '../time/now'
import type { Risk } from '../time/risk'
import { handoverStates, messageLaws, unsubscribeTimes } from '../words/consents'
import { count, word } from '../words/words'
import classes from './consents.module.css'
import { byDue, isOpen, riskOfHandover, type Handover } from './receivers'
import { dateOf } from './sentences'

/** Days with what a system has to confirm of each: what is due first on top, and the laws whose time runs behind each day. */
export function Handovers({ handovers }: { handovers: Handover[] }) {
  return (
    <table className={rows.table}>
      <thead><tr><th scope="col">Day</th><th scope="col">Confirmed</th><th scope="col">Due</th><th scope="col">State</th></tr></thead>
      <tbody>{byDue(handovers).map((h) => <One key={h.id} of={h} />)}</tbody>
    </table>
  )
}

function One({ of: h }: { of: Handover }) {
  const [open, setOpen] = useState(false)
  const laws = useId()
  const Icon = open ? IconChevronDown : IconChevronRight
  return (
    <>
      <tr className={open ? classes.opened : undefined}>
        <td data-cell="reference"><button type="button" className={classes.opens} aria-expanded={open} aria-controls={laws} onClick={() => setOpen(!open)}><Icon size={16} aria-hidden /> {dateOf(h.day)}</button></td>
        <td data-cell="right" className="tabular">{h.confirmed.toLocaleString('en-GB')} of {h.withdrawals.toLocaleString('en-GB')} confirmed{h.late > 0 && `, ${h.late.toLocaleString('en-GB')} after its time`}</td>
        <td data-cell="due">{isOpen(h) ? <Due due={h.due} risk={riskOfHandover(h.state)} /> : h.confirmed_at && <Day at={h.confirmed_at} />}</td>
        <td data-cell="state"><Tag risk={h.state === 'confirmed_late' ? 'soon' : riskOfHandover(h.state)}>{word(handoverStates, h.state)}</Tag></td>
      </tr>
      <tr id={laws} className={classes.lawRow} hidden={!open}><td colSpan={4}>{open && <Laws of={h} />}</td></tr>
    </>
  )
}

/** The time that counts has the risk of the day; another is quiet until it is over. */
function riskOf(h: Handover, due: string, counts: boolean, now: number): Risk {
  if (!isOpen(h)) return 'done'
  return counts ? riskOfHandover(h.state) : Date.parse(due) < now ? 'overdue' : 'track'
}

const lawOf = (l: Handover['laws'][number]) => l.law.split('@')[0] ?? ''

/** Each law that may be that of the people, with its time in plain words, the one that counts first. */
function Laws({ of: h }: { of: Handover }) {
  const now = useNow()
  return (
    <>
      <ul className={classes.lawTime}>
        {[...h.laws].sort((a, b) => Number(lawOf(b) === h.due_law) - Number(lawOf(a) === h.due_law)).map((l) => {
          const id = lawOf(l)
          const counts = isOpen(h) && id === h.due_law
          return (
            <li key={l.law}>
              <p><strong title={l.law}>{word(messageLaws, id)}</strong>{counts && ', which counts here'}, for {count(l.withdrawals, 'withdrawal')}: <span className="nowrap"><Due due={l.due} risk={riskOf(h, l.due, counts, now)} /></span></p>
              <p>{unsubscribeTimes[id]} <span className="dim">{l.citation}</span></p>
            </li>
          )
        })}
      </ul>
      <p className="dim">
        {h.warned_at && <>The data protection officers were told that half of the time had gone on <Day at={h.warned_at} />. </>}
        {h.overdue_at && <>They were told that it was over on <Day at={h.overdue_at} />.</>}
      </p>
    </>
  )
}
