import { Button } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'

import type { Schemas } from '../api/client'
import { Facts } from '../page/Facts'
import { Panel } from '../page/Panel'
import { Tag } from '../page/Tag'
import type { Standing } from '../request/commands/allowed'
import { useStaff } from '../requests/staff'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { balanceOutcomes } from '../words/limits'
import { word } from '../words/words'
import classes from './limits.module.css'

const Weigh = lazy(() => import('./Weigh').then((m) => ({ default: m.Weigh })))

type Test = Schemas['BalanceView']

/** How the grounds were weighed that an objection is against, newest first. */
export function Balance({ at: { detail }, tests }: { at: Standing; tests: Test[] }) {
  const open = detail.state === 'reviewing'
  const none = tests.length === 0
  if (none && !open) return null
  return (
    <Panel title="Balance test" actions={open && <WeighButton request={detail.id} first={none} />}>
      {none && <p className="prose">Nothing is on record yet. Only compelling legitimate grounds that override the interests, rights and freedoms of the person let the use go on, or legal claims; it is for you to show them (Art. 21(1) GDPR).</p>}
      <ul className={classes.limits}>{tests.map((t, i) => <OneTest key={t.at} test={t} newest={i === 0} />)}</ul>
    </Panel>
  )
}

/** Opens the form that weighs. */
export function WeighButton({ request, first }: { request: string; first: boolean }) {
  const may = useMay()
  const [weighing, setWeighing] = useState(false)
  if (!may('record-balance')) return null
  return (
    <>
      <Button size="xs" variant={first ? undefined : 'default'} onClick={() => setWeighing(true)}>{first ? 'Weigh the grounds' : 'Weigh again'}</Button>
      <Suspense>{weighing && <Weigh request={request} onClose={() => setWeighing(false)} />}</Suspense>
    </>
  )
}

function OneTest({ test: t, newest }: { test: Test; newest: boolean }) {
  const { nameOf } = useStaff()
  return (
    <li className={classes.limit}>
      <div className={classes.head}>
        {newest ? <strong>{word(balanceOutcomes, t.outcome)}</strong> : <span>{word(balanceOutcomes, t.outcome)}</span>}
        {!newest && <Tag risk="done">Weighed again since</Tag>}
        <span className="dim">by {nameOf(t.by) ?? 'a program or somebody else'}, <Ago at={t.at} /></span>
      </div>
      {t.interest && (
        <details open={newest || undefined} className={classes.words}>
          <summary>What was weighed</summary>
          <Facts facts={[['Interest', t.interest], ['Necessity', t.necessity], ['Impact', t.impact], ['Safeguards', t.safeguards]]} />
        </details>
      )}
      {!t.interest && <p className="dim">Its words are for those who may read the notes.</p>}
    </li>
  )
}
