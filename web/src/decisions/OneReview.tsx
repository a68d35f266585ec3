import { Ago } from '../time/Moment'
import { reviewOutcomes } from '../words/decisions'
import { word } from '../words/words'
import classes from './decisions.module.css'
import type { HumanReview } from './queries'

/** What somebody came to who looked at the decision. */
export function OneReview({ review: r, by }: { review: HumanReview; by?: string }) {
  return (
    <li className={classes.review} aria-label={word(reviewOutcomes, r.outcome)}>
      <p className={classes.head}><strong>{word(reviewOutcomes, r.outcome)}</strong><span className="dim">{by ?? 'a former member of the staff'}, <Ago at={r.at} /></span></p>
      <dl className={classes.parts}>
        <div><dt>How the person’s view was considered</dt><dd>{r.considered}</dd></div>
        <div><dt>Which data the decision used</dt><dd>{r.data}</dd></div>
        <div><dt>The reasons, as the person reads them</dt><dd>{r.reasons}</dd></div>
      </dl>
    </li>
  )
}
