import type { Schemas } from '../api/client'
import { Empty } from '../page/Empty'
import { Facts } from '../page/Facts'
import { Ago, Day } from '../time/Moment'
import { bytes, count } from '../words/words'
import classes from './request.module.css'

/** The answers that were packed, and who fetched them when. */
export function Packages({ packages }: { packages: Schemas['PackageView'][] }) {
  if (packages.length === 0) return <Empty title="No package yet">It is built once the review is approved: encrypted, for one download at a time by the person alone.</Empty>
  return <>{packages.map((p) => <Package key={p.id} pack={p} />)}</>
}

function Package({ pack: p }: { pack: Schemas['PackageView'] }) {
  const downloads = p.downloads ?? []
  const state = p.state === 'ready' ? 'Ready to be fetched' : p.state === 'building' ? 'Being built' : 'Destroyed'
  return (
    <section className={classes.package}>
      <Facts
        facts={[
          ['State', state],
          ['Content', p.files !== undefined && `${count(p.files, 'file')}, ${count(p.rows ?? 0, 'row')}, ${bytes(p.bytes ?? 0)} encrypted`],
          ['Built', p.ready_at && <Ago at={p.ready_at} />],
          ['Can be fetched', p.state === 'ready' && p.expires_at && <>until <Day at={p.expires_at} />, then it is destroyed</>],
          ['Destroyed', p.destroyed_at && <Day at={p.destroyed_at} />],
          ['Fetched', downloads.length === 0 ? 'Not yet' : <ul className={classes.downloads}>{downloads.map((d) => <Download key={d.started_at} download={d} />)}</ul>],
        ].filter(([, v]) => v) as [string, React.ReactNode][]}
      />
    </section>
  )
}

function Download({ download: d }: { download: Schemas['Download'] }) {
  return <li><Ago at={d.started_at} />: {d.complete ? `whole, ${bytes(d.bytes)}` : `broken off after ${bytes(d.bytes)}`}</li>
}
