import { Button, Checkbox, FileButton, Group } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held, items, type Schemas } from '../api/client'
import { upload } from '../api/upload'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Ago } from '../time/Moment'
import { mediaTypes } from '../words/cases'
import { bytes, word } from '../words/words'
import type { Task } from './useClaim'
import classes from './tasks.module.css'

interface Props {
  task: Task
  chosen: string[]
  choose: (ids: string[]) => void
}

/** Files beside a task; those that are chosen are named in the file as what the decision rests on. */
export function Attachments({ task, chosen, choose }: Props) {
  const may = useMay()
  const [shown, setShown] = useState(false)
  const queries = useQueryClient()
  const add = useMutation({
    mutationFn: (file: File) => upload<Schemas['AttachmentView']>(`/v1/tasks/${task.id}/attachments`, file),
    onSuccess: (file) => {
      choose([...chosen, file.id])
      if (shown) void queries.invalidateQueries({ queryKey: ['looked-at', task.request_id, 'attachments', task.id] })
    },
  })
  const own = chosen.length > 0 && !shown
  return (
    <div>
      {shown && <Files task={task} chosen={chosen} choose={choose} />}
      {own && <p className="dim" style={{ margin: '0 0 4px' }}>{chosen.length === 1 ? 'One file is' : `${chosen.length} files are`} named in the decision.</p>}
      <Group gap="xs">
        {may('add-task-attachment') && (
          <FileButton accept="application/pdf,image/jpeg,image/png" onChange={(file) => { if (file) add.mutate(file) }}>
            {(props) => <Button {...props} size="xs" variant="default" loading={add.isPending}>Attach a file</Button>}
          </FileButton>
        )}
        {!shown && may('list-task-attachments') && <Button size="xs" variant="default" onClick={() => setShown(true)}>Show the files (this is recorded)</Button>}
      </Group>
      {task.kind === 'identity_check' && <p className="dim" style={{ margin: '4px 0 0', fontSize: 12 }}>What is attached here is destroyed with the decision, as identity documents are.</p>}
      {add.error && <Failure error={add.error} />}
    </div>
  )
}

function Files({ task, chosen, choose }: Props) {
  const answer = useQuery({
    queryKey: ['looked-at', task.request_id, 'attachments', task.id], staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false,
    queryFn: () => held(api.GET('/v1/tasks/{id}/attachments', { params: { path: { id: task.id } } })),
  })
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting lines={2} height={24} />
  const files = items(answer.data)
  if (files.length === 0) return <p className="dim" style={{ margin: '0 0 4px' }}>Nothing is attached. PDF, JPEG and PNG up to 10 MiB can be.</p>
  return (
    <ul className={classes.files}>
      {files.map((f) => (
        <li key={f.id}>
          <Checkbox size="xs" disabled={!!f.destroyed_at} checked={chosen.includes(f.id)} onChange={(e) => choose(e.currentTarget.checked ? [...chosen, f.id] : chosen.filter((id) => id !== f.id))}
            label={<>{word(mediaTypes, f.media_type)}, {bytes(f.bytes)}, <Ago at={f.created_at} /></>} />
          {f.destroyed_at ? <span className="dim">destroyed</span> : <a href={`/v1/tasks/${task.id}/attachments/${f.id}`} target="_blank" rel="noreferrer">Look at it</a>}
        </li>
      ))}
    </ul>
  )
}
