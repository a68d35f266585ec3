import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'

import { Failure } from '../page/Failure'
import { useSession } from '../session/session'
import { exported } from './exported'

export function ExportButton() {
  const { tenant } = useSession()
  const save = useMutation({
    mutationFn: exported,
    onSuccess: (blob) => {
      const address = URL.createObjectURL(blob)
      Object.assign(document.createElement('a'), { href: address, download: `audit-${tenant?.slug ?? 'log'}.zip` }).click()
      setTimeout(() => URL.revokeObjectURL(address), 60_000)
    },
  })
  return (
    <>
      <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>Export</Button>
      {save.error && <Failure error={save.error} />}
    </>
  )
}
