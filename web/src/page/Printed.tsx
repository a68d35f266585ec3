import { useZone } from '../session/session'
import { exactly } from '../time/moment'
import { useNow } from '../time/now'
import classes from './page.module.css'

/** Stands on paper only: what was printed, and when. */
export function Printed({ what }: { what: string }) {
  const zone = useZone()
  return <p className={classes.printed}>{what}, printed on {exactly(new Date(useNow()).toISOString(), zone)}</p>
}
