import { Button, Group, Modal, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { useStaff } from '../requests/staff'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import classes from './systems.module.css'

type System = Schemas['SystemView']

function useAgain() {
  const queries = useQueryClient()
  return () => { for (const queryKey of [['systems'], ['request']]) void queries.invalidateQueries({ queryKey }) }
}

/** The button of an emergency: for one system, or for all. */
export function StopButton({ system }: { system?: System }) {
  const may = useMay()
  const [asking, setAsking] = useState(false)
  if (system?.stop || !may(system ? 'stop-system' : 'stop-systems')) return null
  return (
    <>
      <Button variant="default" className={classes.emergency} onClick={() => setAsking(true)}>{system ? 'Emergency stop' : 'Stop all systems'}</Button>
      {asking && <StopDialog system={system} onClose={() => setAsking(false)} />}
    </>
  )
}

function StopDialog({ system, onClose }: { system?: System; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const again = useAgain()
  const stop = useMutation({
    mutationFn: async () => {
      const body = { reason: reason.trim() }
      if (system) await held(api.POST('/v1/systems/{id}/stop', { params: { path: { id: system.id } }, body }))
      else await held(api.POST('/v1/systems/stop', { body }))
    },
    onSuccess: () => { again(); onClose() },
  })
  return (
    <Modal opened onClose={onClose} title={system ? `Stop ${system.name}` : 'Stop all systems'} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); stop.mutate() }}>
        <p style={{ marginTop: 0 }}>From this moment nothing of {system ? 'this system' : 'any system'} is read any more. What is being read right now breaks off within seconds and goes on where it was once {system ? 'the system is' : 'they are'} let be read again.</p>
        <p>Nothing that was collected is lost. The legal clocks run on: what is due stays due.</p>
        <Textarea label="Why" description="It is recorded, and shown to everybody who works here. Name no person in it." required autosize minRows={2} maxLength={500} data-autofocus value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
        {stop.error && <Failure error={stop.error} />}
        <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Leave it running</Button><Button type="submit" color="red.8" disabled={reason.trim() === ''} loading={stop.isPending}>{system ? 'Stop the system' : 'Stop all systems'}</Button></Group>
      </form>
    </Modal>
  )
}

/** Says that a system is stopped, by whom and why, and lets it go on. */
export function Stopped({ system }: { system: System }) {
  const may = useMay()
  const again = useAgain()
  const { nameOf } = useStaff()
  const resume = useMutation({ mutationFn: () => held(api.POST('/v1/systems/{id}/resume', { params: { path: { id: system.id } }, body: {} })), onSuccess: again })
  if (!system.stop) return null
  return (
    <div className={classes.stopped} role="status">
      <p><strong>{system.name} is stopped</strong> since <Ago at={system.stop.at} />, by {nameOf(system.stop.by) ?? 'a program or somebody else'}: {system.stop.reason}</p>
      {may('resume-system') && <Button size="xs" variant="default" loading={resume.isPending} onClick={() => resume.mutate()}>Let it be read again</Button>}
      {resume.error && <Failure error={resume.error} />}
    </div>
  )
}

/** Lets every stopped system be read again. */
export function ResumeAll({ systems }: { systems: System[] }) {
  const may = useMay()
  const again = useAgain()
  const resume = useMutation({ mutationFn: () => held(api.POST('/v1/systems/resume', { body: {} })), onSuccess: again })
  if (!may('resume-systems') || systems.filter((s) => s.stop).length < 2) return null
  return (
    <>
      <Button size="xs" variant="default" mb="sm" loading={resume.isPending} onClick={() => resume.mutate()}>Let all be read again</Button>
      {resume.error && <Failure error={resume.error} />}
    </>
  )
}
