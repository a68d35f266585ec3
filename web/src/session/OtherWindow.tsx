import { Button, getDefaultZIndex, Group, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { whenChanged } from '../api/transport'
import { Failure } from '../page/Failure'
import { call } from './calls'
import { useSession } from './session'

/** Stands before everything once the session went over to another tenant or person in another window: what is typed here stays, and goes nowhere. */
export function OtherWindow() {
  const { account, tenant, memberships } = useSession()
  const [here] = useState({ account: account.id, tenant: tenant?.slug, name: tenant?.name })
  const [changed, setChanged] = useState(false)
  useEffect(() => {
    whenChanged(() => setChanged(true))
    return () => whenChanged(undefined)
  }, [])
  const queries = useQueryClient()
  const back = useMutation({
    mutationFn: () => call('PUT', '/v1/session/tenant', { tenant: here.tenant }),
    onSuccess: async () => {
      await queries.invalidateQueries()
      setChanged(false)
    },
  })
  const own = account.id === here.account && memberships.some((m) => m.tenant === here.tenant)
  return (
    <Modal opened={changed} onClose={() => undefined} withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false} title="You went over to another tenant" size="sm" zIndex={getDefaultZIndex('max')}>
      <p style={{ marginTop: 0 }}>In another window you are signed in elsewhere now. This page is of {here.name ?? 'no tenant'}. Nothing of what you did last here was sent, and what you typed is still there.</p>
      {back.error && <Failure error={back.error} />}
      <Group gap="xs">
        {own && <Button loading={back.isPending} onClick={() => back.mutate()} data-autofocus>Back to {here.name}</Button>}
        <Button variant="default" onClick={() => window.location.assign('/console/')}>Leave this page</Button>
      </Group>
    </Modal>
  )
}
