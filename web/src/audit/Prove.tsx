import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held } from '../api/client'
import { keep } from '../api/save'
import { Failure } from '../page/Failure'
import { count } from '../words/words'
import classes from './audit.module.css'
import { proven } from './proven'
import { checkpointQuery } from './queries'

/** Proves in this browser that what the timeline tells lies in the signed log. */
export function Prove({ id, reference, onClose }: { id: string; reference: string; onClose: () => void }) {
  const checkpoint = useQuery(checkpointQuery)
  const [own, setOwn] = useState<string>()
  const key = own ?? checkpoint.data?.verifier_key ?? ''
  const prove = useMutation({
    mutationFn: async () => {
      const proof = await held(api.GET('/v1/requests/{id}/proof', { params: { path: { id } } }))
      return { proof, head: await proven(proof, id, key) }
    },
  })
  const proof = prove.data?.proof
  return (
    <Modal opened onClose={onClose} title={`Prove what happened: ${reference}`} size={640} closeButtonProps={{ 'aria-label': 'Close' }}>
      <p style={{ marginTop: 0 }}>Each event of the request is hashed here and led to the head of the log that the checkpoint signs.</p>
      <form onSubmit={(e) => { e.preventDefault(); prove.mutate() }}>
        <TextInput label="Verifier key" description="The server’s own says little about the server: better paste the one that you got another way." required value={key} onChange={(e) => setOwn(e.currentTarget.value)} spellCheck={false} />
        <Group mt="sm" gap="xs">
          <Button type="submit" loading={prove.isPending} disabled={key === ''}>Prove it</Button>
          {proof && <Button variant="default" onClick={() => keep(new Blob([JSON.stringify(proof)], { type: 'application/json' }), `${reference}-proof.json`)}>Save the proof</Button>}
        </Group>
      </form>
      {(checkpoint.error ?? prove.error) && <Failure error={checkpoint.error ?? prove.error} />}
      <div aria-live="polite">
        {prove.data && (
          <ul className={classes.steps}>
            <li><span className={classes.good}>✓</span> The checkpoint over {count(prove.data.head.size, 'line')} is signed with the key.</li>
            <li><span className={classes.good}>✓</span> {count(prove.data.proof.events?.length ?? 0, 'event')} of this request, each in its place under it, unaltered.</li>
            {prove.data.proof.waiting > 0 && <li>{count(prove.data.proof.waiting, 'event')} not under a checkpoint yet. The next one comes by itself.</li>}
            <li>Not shown by this: that there are no further events. For that, verify the whole log.</li>
          </ul>
        )}
      </div>
    </Modal>
  )
}
