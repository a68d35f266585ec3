import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'

import { Failure } from './Failure'
import { Page } from './Page'

export function Broken({ error }: ErrorComponentProps) {
  const router = useRouter()
  return (
    <Page title="This screen could not be shown" narrow>
      <Failure error={error} retry={() => void router.invalidate()} />
    </Page>
  )
}
