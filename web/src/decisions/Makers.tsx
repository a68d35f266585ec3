import { Button, Checkbox, Group, Modal } from '@mantine/core'
import { useState } from 'react'

import { api, held } from '../api/client'
import { Failure } from '../page/Failure'
import { useStaff } from '../requests/staff'
import { roles } from '../words/cases'
import { word } from '../words/words'
import { useDecision } from './useDecision'

/** Puts on record who took or prepared the decision: none of them reviews it. Nobody takes their own name off. */
export function Makers({ request, makers, onClose }: { request: string; makers: string[]; onClose: () => void }) {
  const { staff } = useStaff()
  const [chosen, setChosen] = useState(makers)
  const { doing, changed } = useDecision(request, (key) => held(api.POST('/v1/requests/{id}/decision/makers', {
    params: { path: { id: request }, header: { 'Idempotency-Key': key } }, body: { makers: chosen },
  })), onClose)
  return (
    <Modal opened onClose={onClose} title="Who took or prepared the decision" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); doing.mutate() }}>
        <Checkbox.Group label="Members of the staff" description="Who set the machine to work on this person, fed it, or signed what it said." value={chosen} onChange={changed(setChosen)}>
          {staff.filter((s) => s.active || chosen.includes(s.id)).map((s) => <Checkbox key={s.id} mt="xs" size="sm" value={s.id} label={s.name} description={word(roles, s.role)} />)}
        </Checkbox.Group>
        {doing.error && <Failure error={doing.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" loading={doing.isPending}>Put it on record</Button>
        </Group>
      </form>
    </Modal>
  )
}
