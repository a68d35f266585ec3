import classes from './decisions.module.css'
import type { Contested } from './queries'

/** The decision in the person's own words. */
export function Contest({ contested: c }: { contested: Contested }) {
  const parts: [label: string, text: string | undefined][] = [['The decision', c.decision], ['When it was taken', c.taken], ['What it did', c.effect], ['What they think of it', c.view]]
  return (
    <dl className={classes.parts}>
      {parts.map(([label, text]) => <div key={label}><dt>{label}</dt><dd>{text || <span className="dim">They did not say.</span>}</dd></div>)}
    </dl>
  )
}
