import { useQuery } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Waiting } from '../page/Waiting'
import { count } from '../words/words'
import { Graph } from './Graph'
import classes from './systems.module.css'

type Collection = Schemas['CollectionView']

const idOf = (dataset: string, collection: string) => `${dataset}.${collection}`

/** The collections of all active systems, how they lead to each other, and the order in which they are read. */
export function WholeGraph() {
  const answer = useQuery({ queryKey: ['datasets', 'graph'], queryFn: () => held(api.GET('/v1/graph')) })
  const collections = answer.data?.collections ?? []
  const problems = answer.data?.problems ?? []
  const unread = collections.filter((c) => !c.step && c.reason)
  return (
    <Panel title="What leads to what">
      {answer.isPending && <Waiting lines={6} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {problems.length > 0 && (
        <>
          <p>The datasets do not form one graph yet, so that nothing can be read in order:</p>
          <ul className={classes.findings}>{problems.map((p) => <li key={`${p.location ?? ''}${p.message}`}><code>{p.location}</code> {p.message}</li>)}</ul>
        </>
      )}
      {answer.data && collections.length === 0 && <p className="dim">No dataset says yet where data of people lies.</p>}
      <Graph label="Collections of all systems" nodes={collections.map(nodeOf)} edges={(answer.data?.references ?? []).map((r) => ({ from: idOf(r.from.dataset, r.from.collection), to: idOf(r.to.dataset, r.to.collection) }))} />
      {unread.length > 0 && (
        <details className={classes.unread}>
          <summary>{count(unread.length, 'collection')} not read, and why</summary>
          <ul>{unread.map((c) => <li key={idOf(c.dataset, c.collection)}>{c.dataset} › {c.collection}: {c.reason}</li>)}</ul>
        </details>
      )}
    </Panel>
  )
}

function nodeOf(c: Collection) {
  const id = idOf(c.dataset, c.collection)
  if (!c.step) return { id, name: c.collection, more: `${c.dataset}, not read`, kind: 'skipped' as const }
  const by = (c.identities ?? [])[0]
  return { id, name: c.collection, more: `${c.step}. ${c.dataset}`, kind: by ? ('door' as const) : undefined }
}
