import { Button, Checkbox, Group } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held } from '../api/client'
import { asProblem } from '../api/problem'
import { Confirm } from '../page/Confirm'
import { Failure } from '../page/Failure'
import { useMay } from '../session/session'
import { count } from '../words/words'
import classes from './consents.module.css'
import type { Import } from './queries'

const path = (i: Import) => ({ params: { path: { id: i.id } } })

const sameFile = 'Write the very same file once more: its lines will stand in the ledger twice'

/** The word to write a list to the ledger, to stop that and to go on, or to give it up. What is written can't be taken back. */
export function RunImport({ of: i }: { of: Import }) {
  switch (i.state) {
    case 'waiting': return <div className={classes.run}><Group gap="xs"><Drop of={i} /></Group></div>
    case 'checked': return <Run of={i} />
    case 'running': return i.mapping.transfer ? null : <Stop of={i} /> // what comes with a business comes as a whole
    case 'stopped': return <GoOn of={i} />
    default: return null
  }
}

function useSettled() {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ['consent-imports'] })
}

/** Has a list written, from its first line or on from where it was stopped. The very same file takes a word of its own. */
function useRun(i: Import, close: () => void) {
  const settled = useSettled()
  const [twiceMeant, mean] = useState(false)
  const run = useMutation({
    mutationFn: (skip: boolean) => held(api.POST('/v1/consent/imports/{id}/run', { ...path(i), body: { ...(skip ? { skip_faulty: true } : {}), ...(twiceMeant ? { again: true } : {}) } })),
    onSuccess: close, onError: close, onSettled: settled,
  })
  const twice = run.error !== null && asProblem(run.error).code.replaceAll('-', '_').endsWith('import_again')
  const asked = (
    <>
      {(twice || twiceMeant) && <Checkbox label={sameFile} checked={twiceMeant} onChange={(e) => { mean(e.currentTarget.checked); run.reset() }} />}
      {run.error && <Failure error={run.error} />}
    </>
  )
  return { run, asked, refused: twice && !twiceMeant }
}

function Run({ of: i }: { of: Import }) {
  const may = useMay()
  const [skip, setSkip] = useState(false)
  const [asking, ask] = useState(false)
  const { run, asked, refused } = useRun(i, () => ask(false))
  const { written, faulty } = i.checked
  const leftOut = faulty > 0 ? `, ${count(faulty, 'faulty one')} will be left out` : ''
  return (
    <div className={classes.run}>
      {faulty > 0 && <Checkbox label={`Leave out ${count(faulty, 'line')} that can’t be written`} checked={skip} onChange={(e) => setSkip(e.currentTarget.checked)} />}
      {asked}
      <Group gap="xs">
        {may('run-consent-import') && <Button disabled={written === 0 || (faulty > 0 && !skip) || refused} onClick={() => ask(true)}>Write it to the ledger</Button>}
        <Drop of={i} />
      </Group>
      {asking && <Confirm title="Write it to the ledger" action={`Write ${count(written, 'line')}`} pending={run.isPending} error={null} onConfirm={() => run.mutate(skip)} onClose={() => ask(false)}>{`${count(written, 'line')} will stand in the ledger for good${leftOut}. What was wrong can be put right by further lines, and never taken out.`}</Confirm>}
    </div>
  )
}

function Stop({ of: i }: { of: Import }) {
  const may = useMay()
  const settled = useSettled()
  const [asking, ask] = useState(false)
  const stop = useMutation({ mutationFn: () => held(api.POST('/v1/consent/imports/{id}/stop', path(i))), onSuccess: () => ask(false), onSettled: settled })
  if (!may('stop-consent-import')) return null
  return (
    <div className={classes.run}>
      <Group gap="xs"><Button variant="default" onClick={() => { stop.reset(); ask(true) }}>Stop writing</Button></Group>
      {asking && <Confirm title="Stop writing" action="Stop writing" pending={stop.isPending} error={stop.error} onConfirm={() => stop.mutate()} onClose={() => ask(false)}>What is written stays in the ledger for good. Of the other lines nothing counts until you go on, not even who has withdrawn.</Confirm>}
    </div>
  )
}

function GoOn({ of: i }: { of: Import }) {
  const may = useMay()
  const { run, asked, refused } = useRun(i, () => undefined)
  return (
    <div className={classes.run}>
      {asked}
      <Group gap="xs">
        {may('run-consent-import') && <Button disabled={refused} loading={run.isPending} onClick={() => run.mutate(false)}>Go on writing</Button>}
        <Drop of={i} />
      </Group>
    </div>
  )
}

/** Gives up a list, or the rest of one that was stopped. */
function Drop({ of: i }: { of: Import }) {
  const may = useMay()
  const settled = useSettled()
  const [asking, ask] = useState(false)
  const drop = useMutation({ mutationFn: () => held(api.POST('/v1/consent/imports/{id}/drop', path(i))), onSuccess: () => ask(false), onSettled: settled })
  if (!may('drop-consent-import')) return null
  const rest = i.state === 'stopped'
  const action = rest ? 'Give the rest up' : 'Give it up'
  const stays = rest ? `${count(i.written.written, 'line')} ${i.written.written === 1 ? 'stays' : 'stay'} in the ledger; of the others nothing counts, not even who has withdrawn.` : 'Nothing of it was written.'
  return (
    <>
      <Button variant="default" onClick={() => ask(true)}>{action}</Button>
      {asking && <Confirm title={action} action={action} pending={drop.isPending} error={drop.error} onConfirm={() => drop.mutate()} onClose={() => ask(false)}>{`Its file and the file’s key are destroyed. ${stays}`}</Confirm>}
    </>
  )
}
