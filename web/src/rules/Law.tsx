import { Facts } from '../page/Facts'
import { Panel } from '../page/Panel'
import rows from '../page/table.module.css'
import type { Schemas } from '../api/client'
import { extensionReasons, obligations, pauses, rights } from '../words/cases'
import { plain, word } from '../words/words'
import { Cited } from './Cited'
import classes from './rules.module.css'

type Regime = Schemas['PrivacyRegime']

/** What a law demands, rule by rule. */
export function Law({ law }: { law: Regime }) {
  return (
    <>
      <Panel title="What is owed">
        <table className={`${rows.table ?? ''} ${classes.duties ?? ''}`}>
          <thead><tr><th scope="col">Rights</th><th scope="col">What</th><th scope="col">Within</th><th scope="col">Rule</th></tr></thead>
          {byDuties(law).map(([duties, among]) => <tbody key={duties}><Duties law={law} name={duties} among={among} /></tbody>)}
        </table>
      </Panel>
      <div className={classes.columns}>
        <Panel title="How days are counted">
          <Facts facts={[
            ['First day', word(firstDays, law.counting.first_day)],
            ['End on a day off', word(rollOvers, law.counting.roll_over)],
            ['Holidays of', law.calendars?.join(', ')],
            ['Rule', <Cited key="c" citation={law.counting.citation} />],
          ]} />
        </Panel>
        <Panel title="Fee and complaints">
          <Facts facts={[
            ['Fee', `${law.fee.free ? 'Free. ' : ''}${law.fee.rule}`],
            ['Rule', <Cited key="f" citation={law.fee.citation} />],
            ['Complaint to', law.appeal.authority],
            ['Appeal', law.appeal.to_controller ? `first to you${law.appeal.within ? `, within ${law.appeal.within}` : ''}` : undefined],
            ['Court', law.appeal.court ? 'can be turned to' : undefined],
            ['Rule ', <Cited key="a" citation={law.appeal.citation} />],
          ].filter(([, v]) => v) as [string, React.ReactNode][]} />
        </Panel>
      </div>
      <Panel title="On what grounds a request can be refused">
        <ul className={classes.grounds}>
          {(law.refusals ?? []).map((r) => (
            <li key={`${r.reason}${r.citation.text}`}>{plain(r.reason)} <Cited citation={r.citation} />{r.rights && r.rights.length > 0 && <span className="dim"> only {r.rights.map((x) => word(rights, x).toLowerCase()).join(', ')}</span>}</li>
          ))}
        </ul>
      </Panel>
      {law.notes && law.notes.length > 0 && <Panel title="Notes"><ul className={classes.grounds}>{law.notes.map((n) => <li key={n} className="prose">{n}</li>)}</ul></Panel>}
    </>
  )
}

/** The rights that have the same duties, together. */
function byDuties(law: Regime): [duties: string, rights: string[]][] {
  const groups = new Map<string, string[]>()
  for (const [right, rule] of Object.entries(law.rights)) groups.set(rule.duties, [...(groups.get(rule.duties) ?? []), right])
  return [...groups]
}

const firstDays: Record<string, string> = {
  excluded: 'The day of receipt does not count',
  included: 'The day of receipt counts',
  next_day: 'The day after receipt is the first',
}

const rollOvers: Record<string, string> = {
  none: 'It stays on that day',
  next_open_day: 'It moves to the next working day',
  reg_1182_71: 'It moves to the next working day, and two working days lie within (Regulation 1182/71)',
}

const effects: Record<string, string> = {
  suspend: 'that time does not count',
  exclude_inclusive: 'those days do not count',
  restart: 'then the time counts anew',
  reflection: 'and a time to think it over',
}

function Duties({ law, name, among }: { law: Regime; name: string; among: string[] }) {
  const duties = law.duties[name]
  const lines = [...(law.common ?? []), ...(duties?.obligations ?? [])]
  return (
    <>
      {lines.map((duty, i) => (
        <tr key={`${duty.kind}${duty.citation.text}`}>
          <td data-cell="reference">{i === 0 && <strong>{among.map((r) => word(rights, r)).join(', ')}</strong>}</td>
          <td data-cell="right">{word(obligations, duty.kind)}</td>
          <td data-cell="due" className="tabular nowrap">{duty.period}{duty.force && duty.force !== 'law' && <span className="dim"> ({plain(duty.force).toLowerCase()})</span>}</td>
          <td data-cell="state"><Cited citation={duty.citation} /></td>
        </tr>
      ))}
      {duties?.extension && (
        <tr>
          <td data-cell="reference" />
          <td data-cell="right">May be extended{duties.extension.reasons && duties.extension.reasons.length > 0 && <span className="dim">: {duties.extension.reasons.map((r) => word(extensionReasons, r).toLowerCase()).join('; ')}</span>}</td>
          <td data-cell="due" className="tabular nowrap">{duties.extension.by ? `by ${duties.extension.by}` : 'to a named day'}</td>
          <td data-cell="state"><Cited citation={duties.extension.citation} /></td>
        </tr>
      )}
      {(duties?.pauses ?? []).map((p) => (
        <tr key={p.kind}>
          <td data-cell="reference" />
          <td data-cell="right">The clock may wait for {word(pauses, p.kind)}</td>
          <td data-cell="due" className="dim">{effects[p.effect] ?? plain(p.effect)}</td>
          <td data-cell="state"><Cited citation={p.citation} /></td>
        </tr>
      ))}
    </>
  )
}
