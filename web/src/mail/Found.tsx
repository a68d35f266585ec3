import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'

import { Panel } from '../page/Panel'
import { Tag } from '../page/Tag'
import { marks, outcomes, severities, severityMeans } from '../words/mail'
import { count, inAList, word } from '../words/words'
import classes from './mail.module.css'
import type { Finding, Report } from './queries'

const icons = { errors: IconCircleX, warnings: IconAlertTriangle, fine: IconCircleCheck }

/** What was found about a message: the outcome in a word, then each finding, worst first. */
export function Found({ report: r }: { report: Report }) {
  const Icon = icons[r.outcome]
  return (
    <section aria-label="What was found">
      <div className={classes.outcome} data-outcome={r.outcome}>
        <Icon size={22} aria-hidden />
        <div>
          <p className={classes.outcomeWord}>{outcomes[r.outcome]}</p>
          <p className={classes.outcomeMore}>{inAList([count(r.errors, 'error'), count(r.warnings, 'warning'), count(r.notes, 'note')])}. Looked at: {inAList(r.laws.map((l) => l.name))}.</p>
        </div>
      </div>
      <Message report={r} />
      {(['error', 'warning', 'note'] as const).map((severity) => <Group key={severity} severity={severity} findings={r.findings.filter((f) => f.severity === severity)} />)}
      <NotChecked report={r} />
    </section>
  )
}

function Message({ report: { message: m } }: { report: Report }) {
  const signatures = m.signatures
  return (
    <dl className={classes.message}>
      <div><dt>Subject</dt><dd>{m.subject || 'none'}</dd></div>
      <div><dt>From</dt><dd>{m.from || 'cannot be read'}</dd></div>
      <div><dt>Signed</dt><dd>{signatures.length === 0 ? 'no' : inAList(signatures.map((s) => `by ${s.domain}, ${s.result}`))}</dd></div>
    </dl>
  )
}

function Group({ severity, findings }: { severity: Finding['severity']; findings: Finding[] }) {
  if (findings.length === 0) return null
  return (
    <Panel title={`${word(severities, severity)} (${findings.length})`}>
      <p className="dim" style={{ margin: '0 0 8px' }}>{severityMeans[severity]}</p>
      <ul className={classes.findings}>{findings.map((f, i) => <One key={`${f.rule}${i}`} finding={f} />)}</ul>
    </Panel>
  )
}

function One({ finding: f }: { finding: Finding }) {
  return (
    <li className={classes.finding} aria-label={f.title}>
      <p className={classes.title}>{f.title} <code className={classes.rule}>{f.rule}</code></p>
      {(f.where ?? f.saw) && <p className={classes.place}>{f.where}{f.where && f.saw && ': '}{f.saw && <q>{f.saw}</q>}</p>}
      {f.reason && <p className={classes.place}>{f.reason}</p>}
      <p className={classes.todo}><strong>What to do:</strong> {f.do}</p>
      <ul className={classes.grounds}>
        {f.grounds.map((g) => (
          <li key={g.law + g.citation.text}><Tag>{g.jurisdiction}</Tag> {g.citation.text} <span className="dim">({word(marks, g.citation.mark)})</span></li>
        ))}
      </ul>
    </li>
  )
}

function NotChecked({ report }: { report: Report }) {
  const unchecked = report.unchecked
  if (unchecked.length === 0) return null
  return (
    <Panel title="Not checked">
      <ul className={classes.unchecked}>
        {unchecked.map((u) => <li key={u.what}><strong>{u.what}</strong>: {u.why}{u.do && `. To have it checked: ${u.do}`}.</li>)}
      </ul>
    </Panel>
  )
}
