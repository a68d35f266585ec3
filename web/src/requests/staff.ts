import { useQuery } from '@tanstack/react-query'

import { items } from '../api/client'
import { useMay } from '../session/session'
import { staffQuery } from './queries'

/** Names of members of staff, for those who may see them. */
export function useStaff() {
  const may = useMay()
  const { data } = useQuery({ ...staffQuery, enabled: may('list-staff') })
  const staff = items(data)
  return { staff, nameOf: (id: string | undefined | null) => (id ? staff.find((s) => s.id === id)?.name : undefined) }
}
