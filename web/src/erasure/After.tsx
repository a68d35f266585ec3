import { Certificate } from './Certificate'
import type { Erasure } from './queries'
import { Recipients } from './Recipients'

/** What follows an erasure that was carried out: its certificate, and whoever must hear of it. */
export function After({ id, erasure }: { id: string; erasure: Erasure }) {
  if (erasure.state !== 'done') return null
  return (
    <>
      <Certificate id={id} />
      <Recipients id={id} done="erased" />
    </>
  )
}
