import { Select } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import { useStaff } from '../requests/staff'
import { useMay } from '../session/session'
import { requestQuery } from './queries'

const nobody = ''

/** Who works on the request, and giving it to somebody. */
export function Assignee({ detail }: { detail: Schemas['RequestDetail'] }) {
  const may = useMay()
  const { staff, nameOf } = useStaff()
  const queries = useQueryClient()
  const assign = useMutation({
    mutationFn: (staff_id: string | null) => held(api.POST('/v1/requests/{id}/assign', { params: { path: { id: detail.id } }, body: { staff_id } })),
    onSuccess: (after) => {
      queries.setQueryData(requestQuery(detail.id).queryKey, after)
      for (const queryKey of [['requests'], ['obligations'], ['tasks'], ['request', detail.id]]) void queries.invalidateQueries({ queryKey })
    },
  })
  if (!may('assign-request')) return <>{nameOf(detail.assignee_id) ?? (detail.assignee_id ? 'a member of staff' : 'nobody')}</>
  const people = staff.filter((s) => s.active || s.id === detail.assignee_id)
  return (
    <>
      <Select aria-label="Assignee" size="xs" disabled={assign.isPending} value={detail.assignee_id ?? nobody}
        data={[{ value: nobody, label: 'Nobody' }, ...people.map((s) => ({ value: s.id, label: s.name }))]}
        onChange={(value) => assign.mutate(value ? value : null)} />
      {assign.error && <Failure error={assign.error} />}
    </>
  )
}
