import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'

import { save } from '../api/save'
import { Failure } from './Failure'

/** Saves what an address answers as a file. */
export function SaveButton({ path, name, children }: { path: string; name: string; children: string }) {
  const keep = useMutation({ mutationFn: () => save(path, name) })
  return (
    <>
      <Button variant="default" loading={keep.isPending} onClick={() => keep.mutate()}>{children}</Button>
      {keep.error && <Failure error={keep.error} />}
    </>
  )
}
