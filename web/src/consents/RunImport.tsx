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

/** The word to write a list to the ledger, or to give it up. Neither can be taken back. */
export function RunImport({ of: i }: { of: Import }) {
  const may = useMay()
  const queries = useQueryClient()
  const [skip, setSkip] = useState(false)
  const [again, setAgain] = useState(false)
  const [asking, ask] = useState<'run' | 'drop'>()
  const path = { params: { path: { id: i.id } } }
  const settled = () => queries.invalidateQueries({ queryKey: ['consent-imports'] })
  const close = () => ask(undefined)
  const run = useMutation({ mutationFn: () => held(api.POST('/v1/consent/imports/{id}/run', { ...path, body: { ...(skip ? { skip_faulty: true } : {}), ...(again ? { again: true } : {}) } })), onSuccess: close, onError: close, onSettled: settled })
  const drop = useMutation({ mutationFn: () => held(api.POST('/v1/consent/imports/{id}/drop', path)), onSuccess: close, onSettled: settled })
  const checked = i.state === 'checked'
  if (!checked && i.state !== 'waiting') return null
  const twice = run.error !== null && asProblem(run.error).code.replaceAll('-', '_').endsWith('import_again')
  const faulty = i.checked.faulty > 0
  return (
    <div className={classes.run}>
      {checked && faulty && <Checkbox label={`Leave out ${count(i.checked.faulty, 'line')} that can’t be written`} checked={skip} onChange={(e) => setSkip(e.currentTarget.checked)} />}
      {(twice || again) && <Checkbox label="Write the very same file once more: its lines will stand in the ledger twice" checked={again} onChange={(e) => { setAgain(e.currentTarget.checked); run.reset() }} />}
      {run.error && <Failure error={run.error} />}
      <Group gap="xs">
        {checked && may('run-consent-import') && <Button disabled={i.checked.written === 0 || (faulty && !skip) || (twice && !again)} onClick={() => ask('run')}>Write it to the ledger</Button>}
        {may('drop-consent-import') && <Button variant="default" onClick={() => ask('drop')}>Give it up</Button>}
      </Group>
      {asking === 'run' && <Confirm title="Write it to the ledger" action={`Write ${count(i.checked.written, 'line')}`} pending={run.isPending} error={null} onConfirm={() => run.mutate()} onClose={close}>{`${count(i.checked.written, 'line')} will stand in the ledger for good${faulty ? `, ${count(i.checked.faulty, 'faulty one')} will be left out` : ''}. What was wrong can be put right by further lines, and never taken out.`}</Confirm>}
      {asking === 'drop' && <Confirm title="Give it up" action="Give it up" pending={drop.isPending} error={drop.error} onConfirm={() => drop.mutate()} onClose={close}>Its file and the file’s key are destroyed. Nothing of it was written.</Confirm>}
    </div>
  )
}
