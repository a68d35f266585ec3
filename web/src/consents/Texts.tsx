import { lazy, Suspense, useState } from 'react'

import { Day } from '../time/Moment'
import classes from './consents.module.css'
import type { Text } from './queries'

const Difference = lazy(() => import('./Difference').then((m) => ({ default: m.Difference })))

const languages = new Intl.DisplayNames('en', { type: 'language' })
export const languageName = (code: string) => { try { return languages.of(code) ?? code } catch { return code } }

/** The words of a purpose, language by language: what people see now, and every version before it with what changed. */
export function Texts({ texts }: { texts: Text[] }) {
  const all = new Map<string, Text[]>()
  for (const t of texts) all.set(t.language, [...(all.get(t.language) ?? []), t])
  if (texts.length === 0) return <p className="dim">It has no words yet: nobody can be asked by Docket’s pages before it has.</p>
  return <>{[...all].map(([language, versions]) => <Language key={language} language={language} versions={versions.sort((a, b) => b.version - a.version)} />)}</>
}

function Language({ language, versions }: { language: string; versions: Text[] }) {
  const [now, ...before] = versions
  if (!now) return null
  return (
    <div className={classes.language}>
      <h3>{languageName(language)} <span className="dim">version {now.version}, since <Day at={now.created_at} /></span></h3>
      <blockquote className={classes.words} lang={language}><strong>{now.title}</strong>{'\n'}{now.body}</blockquote>
      {before.length > 0 && versions.map((t, i) => <Change key={t.id} text={t} before={versions[i + 1]} newest={i === 0} />)}
    </div>
  )
}

/** What a version changed; the words themselves of one that is not shown anyhow. */
function Change({ text: t, before, newest }: { text: Text; before?: Text; newest: boolean }) {
  const [open, setOpen] = useState(false)
  const name = before ? `What version ${t.version} changed` : `Version ${t.version}, the first`
  return (
    <details className={classes.more} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{name}, <Day at={t.created_at} /></summary>
      {open && before && <Suspense><Difference language={t.language} before={`${before.title}\n${before.body}`} after={`${t.title}\n${t.body}`} /></Suspense>}
      {open && !before && !newest && <blockquote className={classes.words} lang={t.language}><strong>{t.title}</strong>{'\n'}{t.body}</blockquote>}
      <p className="dim">SHA-256 <code style={{ overflowWrap: 'anywhere' }}>{t.sha256}</code></p>
    </details>
  )
}
