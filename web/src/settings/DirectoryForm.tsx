import { Button, FileInput, Group, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, held } from '../api/client'
import { Failure } from '../page/Failure'

/** Takes over the agents of a network's directory. */
export function DirectoryForm({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null)
  const queries = useQueryClient()
  const bring = useMutation({
    mutationFn: async () => held(api.POST('/v1/requesters/agents', { body: { directory: file ? await file.text() : '' } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['requesters'] }),
  })
  const done = bring.data
  const listed = (ids: readonly string[] | null) => (ids && ids.length > 0 ? ids.join(', ') : 'none')
  return (
    <Modal opened onClose={onClose} title="Import a directory of agents" closeButtonProps={{ 'aria-label': 'Close' }}>
      {done ? (
        <>
          <p role="status" style={{ marginTop: 0 }}>Added: {listed(done.added)}. Changed: {listed(done.changed)}. As they were: {listed(done.unchanged)}.</p>
          <Group justify="flex-end"><Button onClick={onClose}>Close</Button></Group>
        </>
      ) : (
        <form onSubmit={(e) => { e.preventDefault(); bring.mutate() }}>
          <p style={{ marginTop: 0 }}>The JSON file that the network gives out. New agents are added and their word proves nothing at first; those that are there are brought up to date; none is removed.</p>
          <FileInput label="File" accept="application/json,.json" required value={file} onChange={setFile} />
          {bring.error && <Failure error={bring.error} />}
          <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Discard</Button><Button type="submit" disabled={!file} loading={bring.isPending}>Import the agents</Button></Group>
        </form>
      )}
    </Modal>
  )
}
