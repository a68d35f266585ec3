import { useQuery } from '@tanstack/react-query'

import { items } from '../api/client'
import { useMay } from '../session/session'
import { systemsQuery } from '../systems/queries'
import { askedKinds } from '../systems/ServiceDocument'
import type { Task } from './useClaim'

/** Says of a task whether somebody else has the system that it is about, and is asked. */
export function useAskedOf(): (task: Task) => boolean {
  const may = useMay()
  const { data } = useQuery({ ...systemsQuery, enabled: may('list-systems') })
  return (task) => items(data).some((s) => s.id === task.system_id && askedKinds.includes(s.kind))
}

/** Tells of a task what it is about: whoever is asked, or the one system. */
export function useAboutOf(): (task: Task) => string | undefined {
  const may = useMay()
  const { data } = useQuery({ ...systemsQuery, enabled: may('list-systems') })
  return (task) => task.addressee ?? (task.system_id ? items(data).find((s) => s.id === task.system_id)?.name : undefined)
}
