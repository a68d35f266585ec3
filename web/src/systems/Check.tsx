import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'
import { Failure } from '../page/Failure'
import classes from './systems.module.css'

/** Tries the connection, and compares the annotation with what is there. */
export function Check({ id }: { id: string }) {
  const test = useMutation({ mutationFn: () => held(api.POST('/v1/systems/{id}/test', { params: { path: { id } }, body: {} })) })
  return (
    <div className={classes.check} aria-live="polite">
      <Button variant="default" size="xs" loading={test.isPending} onClick={() => test.mutate()}>Test the system</Button>
      {test.error && <Failure error={test.error} />}
      {test.data?.ok && <span>It can be reached, and everything is as the datasets say.</span>}
      {test.data && <Findings findings={test.data.findings ?? []} />}
    </div>
  )
}

export function Findings({ findings }: { findings: Schemas['ContractFinding'][] }) {
  if (findings.length === 0) return null
  return (
    <ul className={classes.findings}>
      {findings.map((f) => <li key={`${f.code}${f.where ?? ''}`}>{f.where && <code>{f.where}</code>} {f.what}. <span className="dim">{f.do}</span></li>)}
    </ul>
  )
}
