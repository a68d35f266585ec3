import { Button, Group, Modal, Progress, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { count } from '../words/words'
import type { Checkpoint } from './checkpoint'
import { exported } from './exported'
import { checkpointQuery } from './queries'
import { verified } from './verified'
import { openZip } from './zip'
import classes from './audit.module.css'

const kept = (origin: string) => `docket-checkpoint ${origin}`

function olderOf(verifierKey: string): Checkpoint | undefined {
  const found = localStorage.getItem(kept(verifierKey.trim().split('+')[0] ?? ''))
  return found ? (JSON.parse(found) as Checkpoint) : undefined
}

interface Found {
  head: Checkpoint
  older?: Checkpoint
}

/** Verifies the whole log in this browser, without trusting the server's word for it. */
export function Verify({ onClose }: { onClose: () => void }) {
  const checkpoint = useQuery(checkpointQuery)
  const [own, setOwn] = useState<string>()
  const [done, setDone] = useState(0)
  const key = own ?? checkpoint.data?.verifier_key ?? ''
  const verify = useMutation({
    mutationFn: async (): Promise<Found> => {
      setDone(0)
      const older = olderOf(key)
      const head = await verified(await openZip(await exported()), key, older, (n, of) => setDone((100 * n) / of))
      localStorage.setItem(kept(head.origin), JSON.stringify(head))
      return { head, older }
    },
  })
  return (
    <Modal opened onClose={onClose} title="Verify the log" size={640} closeButtonProps={{ 'aria-label': 'Close' }}>
      <p style={{ marginTop: 0 }}>The whole log is fetched, each line is hashed here, and the head is compared with the signed checkpoint and with the last one that this browser has seen. That you fetched it is recorded.</p>
      <form onSubmit={(e) => { e.preventDefault(); verify.mutate() }}>
        <TextInput label="Verifier key" description="The server’s own says little about the server: better paste the one that you got another way." required value={key} onChange={(e) => setOwn(e.currentTarget.value)} spellCheck={false} />
        <Group mt="sm"><Button type="submit" loading={verify.isPending} disabled={key === ''}>Verify</Button></Group>
      </form>
      {checkpoint.error && <Failure error={checkpoint.error} />}
      {verify.isPending && <Progress mt="md" value={done} aria-label="Lines verified" />}
      {verify.error && <Failure error={verify.error} />}
      <div aria-live="polite">{verify.data && <Result found={verify.data} />}</div>
    </Modal>
  )
}

function Result({ found: { head, older } }: { found: Found }) {
  return (
    <ul className={classes.steps}>
      <li><span className={classes.good}>✓</span> The checkpoint is signed with the key.</li>
      <li><span className={classes.good}>✓</span> {count(head.size, 'line')}, each in its place: the head is the signed one.</li>
      <li>{older
        ? <><span className={classes.good}>✓</span> The log of {count(older.size, 'line')} that this browser saw before is its beginning.</>
        : 'This browser had seen no earlier checkpoint. It keeps this one for the next time.'}</li>
    </ul>
  )
}
