import { Button, Checkbox, Group, Modal, Textarea } from '@mantine/core'
import { useState } from 'react'

import { api, held } from '../api/client'
import { Failure } from '../page/Failure'
import { useStaff } from '../requests/staff'
import { roles } from '../words/cases'
import { word } from '../words/words'
import { useDecision } from './useDecision'

/** Puts on record who took or prepared the decision, or that nobody of the staff did: none of them reviews it. A name is taken off with a reason, and by somebody else. */
export function Makers({ request, makers, onClose }: { request: string; makers: string[]; onClose: () => void }) {
  const { staff } = useStaff()
  const [chosen, setChosen] = useState(makers)
  const [note, setNote] = useState('')
  const takenOff = makers.filter((m) => !chosen.includes(m))
  const whole = takenOff.length === 0 || note.trim() !== ''
  const { doing, changed } = useDecision(request, (key) => held(api.POST('/v1/requests/{id}/decision/makers', {
    params: { path: { id: request }, header: { 'Idempotency-Key': key } }, 
    body: { makers: chosen.filter((c) => !makers.includes(c)), ...(takenOff.length > 0 && { taken_off: takenOff, note: note.trim() }) },
  })), onClose)
  return (
    <Modal opened onClose={onClose} title="Who took or prepared the decision" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (whole) doing.mutate() }}>
        <Checkbox.Group label="Members of the staff" description="Who set the machine to work on this person, fed it, or signed what it said." value={chosen} onChange={changed(setChosen)}>
          {staff.filter((s) => s.active || chosen.includes(s.id)).map((s) => <Checkbox key={s.id} mt="xs" size="sm" value={s.id} label={s.name} description={word(roles, s.role)} />)}
        </Checkbox.Group>
        {chosen.length === 0 && makers.length === 0 && <p className="dim">With nobody chosen you put on record that nobody of the staff took or prepared it.</p>}
        {takenOff.length > 0 && (
          <Textarea mt="sm" label="Why a name is taken off" description="For the file. The log keeps whose name it was, and who took it off." required autosize minRows={2} maxRows={8} maxLength={10000}
            value={note} onChange={(e) => changed(setNote)(e.currentTarget.value)} />
        )}
        {doing.error && <Failure error={doing.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" disabled={!whole} loading={doing.isPending}>Put it on record</Button>
        </Group>
      </form>
    </Modal>
  )
}
