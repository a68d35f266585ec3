import { count } from '../words/words'
import classes from './erasure.module.css'
import { addressOf, linesOf, sumsOf, touches } from './plan'
import { PlanLine } from './PlanLine'
import type { Erasure, PlanOfSystem } from './queries'

interface Props {
  request: string
  erasure: Erasure
  system: PlanOfSystem
  deciding: boolean
  allFields: boolean
  open: boolean
  toggle: (open: boolean) => void
}

/** One system of a plan; folded, only its sums. */
export function PlanSystem({ request, erasure, system: s, deciding, allFields, open, toggle }: Props) {
  const lines = linesOf(s)
  const asked = !!s.asked && sumsOf(s).kept === 0
  return (
    <section className={classes.system} aria-label={s.name}>
      <button type="button" className={classes.systemHead} aria-expanded={open} onClick={() => toggle(!open)}>
        <span className={classes.systemName}>{s.name}</span>
        <span className="dim">{s.key}</span>
        <span className={classes.systemSums}>{inParts(s, asked)}</span>
      </button>
      <WhoDoesIt system={s} asked={asked} done={erasure.state === 'done'} />
      {open && (!asked || deciding) && lines.length > 0 && (
        <table className={classes.table}>
          <thead><tr><th scope="col">Collection</th><th scope="col">What happens, and why</th><th scope="col" className={classes.number}>Erased</th><th scope="col" className={classes.number}>Kept</th><th scope="col" className={classes.number}>Of others</th></tr></thead>
          <tbody>{lines.map((l) => <PlanLine key={addressOf(l)} request={request} erasure={erasure} system={s} line={l} deciding={deciding} allFields={allFields} />)}</tbody>
        </table>
      )}
      {open && !s.manual && !s.asked && !lines.some(touches) && <p className={classes.aside}>Nothing is changed in this system.</p>}
      {open && (s.unreached ?? []).length > 0 && (
        <>
          <p className={classes.aside}>Not looked at, because nothing that is known of the person leads there:</p>
          <ul className={classes.unreached}>{(s.unreached ?? []).map((u) => <li key={addressOf(u)}><code>{u.collection}</code>: {u.reason}</li>)}</ul>
        </>
      )}
    </section>
  )
}

/** The sums of a system in a few words. */
function inParts(s: PlanOfSystem, asked: boolean): string {
  if (s.manual) return 'by hand'
  if (asked) return 'asked of others'
  const sums = sumsOf(s)
  return [
    `${sums.erased.toLocaleString('en-GB')} erased`, `${sums.kept.toLocaleString('en-GB')} kept`,
    sums.others > 0 && `${sums.others.toLocaleString('en-GB')} of others`, sums.problems > 0 && count(sums.problems, 'problem'),
  ].filter(Boolean).join(', ')
}

/** Where it is not Docket that erases in a system: who does. */
function WhoDoesIt({ system: s, asked, done }: { system: PlanOfSystem; asked: boolean; done: boolean }) {
  if (s.manual) return <p className={classes.aside}><strong>A person does this by hand:</strong> {s.manual}.</p>
  if (!s.asked) return null
  if (!asked) return <p className={classes.aside}><strong>{s.asked} has this system</strong> and is not asked: all that they hold is kept, and counts as one row.</p>
  return <p className={classes.aside}><strong>{s.asked} is asked to erase here.</strong> What they hold is not counted{done ? '.' : '; the request waits for their answer.'}</p>
}
