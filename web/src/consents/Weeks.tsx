import { Tooltip } from '@mantine/core'

import { count } from '../words/words'
import classes from './consents.module.css'
import { dateOf } from './sentences'

export interface Week {
  /** Its first day. */
  from: string
  total: number
  parts: { name: string; count: number }[]
}

interface Props {
  weeks: Week[]
  /** The names of the parts, in the order of their patterns; the last one stands for all that are not named. */
  names: string[]
  what: [one: string, many: string]
  label: string
  /** The week that was chosen, by its first day. */
  chosen?: string
  choose: (from: string) => void
}

const height = 120

/** A bar that a finger hits, with the gap beside it; of many weeks the chart is moved sideways. */
const narrowest = 27

/** Bars of weeks, one part on the other, each told by its pattern. They are reached with Tab, say their figures, and lead to their row of the table. */
export function Weeks({ weeks, names, what, label, chosen, choose }: Props) {
  const most = Math.max(1, ...weeks.map((w) => w.total))
  const place = (name: string) => { const at = names.indexOf(name); return at < 0 ? names.length - 1 : at }
  const every = 2 // so that names fit beside each other
  return (
    <>
      <div className={classes.chartBox} role="region" aria-label={label}>
        <ol className={classes.weeks} style={{ minWidth: weeks.length * narrowest }}>
          {weeks.map((w, i) => {
            const told = `Week from ${dateOf(w.from)}: ${w.total === 0 ? 'none' : `${count(w.total, what[0], what[1])}: ${w.parts.map((p) => `${p.count.toLocaleString('en-GB')} ${p.name}`).join(', ')}`}`
            const inside = (
              <>
                <span className="visually-hidden">{told}</span>
                <span className={classes.weekNumber} aria-hidden>{w.total > 0 && short(w.total)}</span>
                <span className={classes.weekStack} aria-hidden>{w.parts.map((p) => <i key={p.name} className={classes.part} data-part={place(p.name)} style={{ height: (p.count / most) * height }} />)}</span>
                <span className={classes.weekTick} aria-hidden>{i % every === 0 && dateOf(w.from).replace(/ \d{4}$/, '')}</span>
              </>
            )
            return (
              <li key={w.from} className={classes.weekPlace}>
                {w.total === 0 ? <span className={classes.week}>{inside}</span> : <Tooltip label={told}><button type="button" className={classes.week} data-chosen={chosen === w.from || undefined} onClick={() => choose(w.from)}>{inside}</button></Tooltip>}
              </li>
            )
          })}
        </ol>
      </div>
      <ul className={classes.legend}>{names.map((n, i) => <li key={n}><i className={classes.part} data-part={i} />{n}</li>)}</ul>
    </>
  )
}

const compact = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 })
const short = (n: number) => compact.format(n)
