import { useQuery } from '@tanstack/react-query'

import { items } from '../api/client'
import { useStaff } from '../requests/staff'
import { useMay } from '../session/session'
import { keysQuery } from '../settings/queries'

/** Who can have done something: the staff, and the programs for those who may see them. */
export function useActors() {
  const may = useMay()
  const { staff } = useStaff()
  const keys = items(useQuery({ ...keysQuery, enabled: may('list-api-keys') }).data)
  const choices = [...staff.map((s) => ({ value: s.id, label: s.name })), ...keys.map((k) => ({ value: k.id, label: `${k.name} (API key)` }))]
  return { choices, nameOf: (id: string | undefined) => choices.find((c) => c.value === id)?.label }
}
