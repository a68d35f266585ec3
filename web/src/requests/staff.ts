import { useQuery } from '@tanstack/react-query'

import { items } from '../api/client'
import { useMay, useSession } from '../session/session'
import { staffQuery } from './queries'

/** Names of members of staff, for those who may see them. */
export function useStaff() {
  const may = useMay()
  const { data } = useQuery({ ...staffQuery, enabled: may('list-staff') })
  const staff = items(data)
  return { staff, nameOf: (id: string | undefined | null) => (id ? staff.find((s) => s.id === id)?.name : undefined) }
}

/** By whose work a list can be narrowed: the words are those of the API. */
export function useAssignees() {
  const { staff_id: me } = useSession()
  const { staff } = useStaff()
  return [
    { value: '', label: 'Anybody’s' },
    ...(me ? [{ value: 'me', label: 'Mine' }] : []),
    { value: 'nobody', label: 'Nobody’s' },
    ...staff.filter((s) => s.active && s.id !== me).map((s) => ({ value: s.id, label: s.name })),
  ]
}
