import { Panel } from '../page/Panel'
import { useZone } from '../session/session'
import { hows } from '../words/consents'
import { count, plain, word } from '../words/words'
import classes from './consents.module.css'
import { titleOf, type Line, type Person, type Purpose, type Text } from './queries'
import { dateOf, exactlyBy, lineWords, oftenWords } from './sentences'

/** Everything that happened, newest first: lines of the ledger, and what the person chose beside it. */
export function History({ person, purposes }: { person: Person; purposes: Purpose[] }) {
  const zone = useZone()
  return (
    <>
      <Panel title={`What happened (${count(person.events.length, 'line')})`}>
        <p className={classes.note}>The ledger only grows: no line of it is ever changed or taken out. Each can be checked against the audit log by its hash.</p>
        <ol className={classes.history}>{person.events.map((l) => <One key={l.id} line={l} title={titleOf(purposes, l.purpose)} />)}</ol>
      </Panel>
      {person.preferences.length > 0 && (
        <Panel title="How often, pauses and language">
          <ol className={classes.history}>
            {person.preferences.map((c) => (
              <li key={c.at} className={classes.line}>
                <p>{oftenWords(c.frequency)}{c.paused_until && `, nothing before ${dateOf(c.paused_until)}`}{c.language && `, in the language ${c.language}`}</p>
                <p className="dim">{exactlyBy(c.at, zone)}, {word(hows, c.how)}</p>
              </li>
            ))}
          </ol>
        </Panel>
      )}
    </>
  )
}

const minute = 60_000

function One({ line: l, title }: { line: Line; title: string }) {
  const zone = useZone()
  const late = new Date(l.recorded_at).getTime() - new Date(l.at).getTime() > minute
  return (
    <li className={classes.line} data-kind={l.kind}>
      <p className={classes.of}>{lineWords(l, title)}</p>
      <p className="dim">
        <time dateTime={l.at}>{exactlyBy(l.at, l.zone)}</time>, {word(hows, l.how)}{l.source && ` (${l.source})`}
        {late && <>. Known since <time dateTime={l.recorded_at}>{exactlyBy(l.recorded_at, zone)}</time></>}{l.refusable && '. They were offered a simple way to refuse'}
      </p>
      {l.text && <Words text={l.text} />}
      {l.evidence && <Evidence of={l.evidence} />}
      <details className={classes.more}>
        <summary>How to check this line</summary>
        <dl className={classes.proof}>
          <div><dt>Line</dt><dd><code>{l.id}</code></dd></div>
          <div><dt>Hash</dt><dd><code>{l.hash}</code></dd></div>
          <div><dt>Batch</dt><dd><code>{l.batch}</code>, place {l.position + 1}</dd></div>
        </dl>
        <p className="dim">The audit log has an entry with the id of the batch, and in it the root of the tree over the hashes of its lines.</p>
      </details>
    </li>
  )
}

/** The words that they saw, exactly. */
function Words({ text: t }: { text: Text }) {
  return (
    <details className={classes.more}>
      <summary>The words that they saw: {t.title}, {t.language}, version {t.version}</summary>
      <blockquote className={classes.words} lang={t.language}><strong>{t.title}</strong>{'\n'}{t.body}</blockquote>
    </details>
  )
}

function Evidence({ of: e }: { of: NonNullable<Line['evidence']> }) {
  const facts: [string, string | undefined][] = [['Note', e.note], ['Page', e.url], ['Network address', e.ip], ['Browser', e.user_agent], ...Object.entries(e.fields ?? {}).map(([k, v]): [string, string] => [plain(k), v])]
  return (
    <details className={classes.more}>
      <summary>What else shows it</summary>
      <dl className={classes.proof}>{facts.filter(([, v]) => v).map(([k, v]) => <div key={k}><dt>{k}</dt><dd>{v}</dd></div>)}</dl>
    </details>
  )
}
