import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'

/** Where personal data of a request is shown. */
export type Shown = Schemas['CopyInBody']['what']

/** Records what is copied to the clipboard out of what it holds. */
export function Copied({ id, kind, children }: { id: string; kind: Shown; children: ReactNode }) {
  const record = useMutation({ mutationFn: () => held(api.POST('/v1/requests/{id}/copied', { params: { path: { id } }, body: { what: kind } })) })
  return (
    <div onCopy={() => record.mutate()}>
      {record.error && <Failure error={record.error} retry={() => record.mutate()} />}
      {children}
    </div>
  )
}
