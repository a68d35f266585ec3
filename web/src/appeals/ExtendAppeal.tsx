import { Button, Group, Modal, Select } from '@mantine/core'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { extensionReasons } from '../words/cases'
import { word } from '../words/words'
import type { Appeal } from './queries'
import { useAppeal } from './useAppeal'

type Reason = Schemas['AppealExtension']['reason']

const reasons: Reason[] = ['complexity', 'number_of_requests']

/** Gives the decision on an appeal more time, where the law has it. */
export function ExtendAppeal({ request, appeal, onClose }: { request: string; appeal: Appeal; onClose: () => void }) {
  const [reason, setReason] = useState<Reason>('complexity')
  const { doing, changed } = useAppeal(request, (key) => held(api.POST('/v1/requests/{id}/appeals/{appeal}/extend', {
    params: { path: { id: request, appeal: appeal.id }, header: { 'Idempotency-Key': key } }, body: { reason },
  })), onClose)
  return (
    <Modal opened onClose={onClose} title="Take longer for the decision" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); doing.mutate() }}>
        <p style={{ marginTop: 0 }}>Where the law has it, the decision may come later, once. The person is told, with the reason.</p>
        <Select label="Why it takes longer" required allowDeselect={false} data={reasons.map((r) => ({ value: r, label: word(extensionReasons, r) }))} value={reason} onChange={(v) => { if (v) changed(setReason)(v as Reason) }} />
        {doing.error && <Failure error={doing.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" loading={doing.isPending}>Take longer</Button>
        </Group>
      </form>
    </Modal>
  )
}
