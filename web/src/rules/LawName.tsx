import { useQuery } from '@tanstack/react-query'

import { items } from '../api/client'
import { policiesQuery } from '../requests/queries'
import { useMay } from '../session/session'

/** A law as practitioners call it, its whole name on hover. Its versions share both. */
export function LawName({ id }: { id: string }) {
  const may = useMay()
  const { data } = useQuery({ ...policiesQuery, enabled: may('list-policies') })
  const law = items(data).find((p) => p.id === id)
  return <span title={law?.name}>{law?.short ?? id}</span>
}
