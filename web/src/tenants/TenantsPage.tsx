import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Flash } from '../page/Flash'
import { Page } from '../page/Page'
import rows from '../page/table.module.css'
import { Waiting } from '../page/Waiting'
import { call } from '../session/calls'
import { useChooseTenant } from '../session/chooseTenant'

interface TenantLine {
  slug: string
  name: string
  open: number
  overdue: number
  due_within_7_days: number
}

/** The tenants of an installation, for those who run it. Nothing here says who anybody is. */
export function TenantsPage() {
  const answer = useQuery({ queryKey: ['tenants'], queryFn: () => call<{ items: TenantLine[] | null }>('GET', '/v1/tenants') })
  const choose = useChooseTenant()
  const tenants = answer.data?.items ?? []
  return (
    <Page title="Tenants" lead="What each of them owes. That you enter one is recorded there.">
      {answer.isPending && <Waiting lines={6} height={41} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {choose.error && <Failure error={choose.error} />}
      {answer.data && tenants.length === 0 && <Empty title="No tenants yet">docket tenant create sets one up.</Empty>}
      {tenants.length > 0 && (
        <table className={`${rows.table ?? ''} ${rows.tenants ?? ''}`}>
          <thead><tr><th scope="col">Tenant</th><th scope="col">Overdue</th><th scope="col">Due within 7 days</th><th scope="col">Open requests</th><th scope="col"><span className="visually-hidden">Enter</span></th></tr></thead>
          <tbody>
            {tenants.map((t) => (
              <tr key={t.slug}>
                <td data-cell="reference" className={rows.wide}><strong>{t.name}</strong> <span className="dim">{t.slug}</span></td>
                <td data-cell="due" className={rows.overdue} data-some={t.overdue > 0 || undefined}><Flash value={t.overdue} />{t.overdue > 0 && ' overdue'}</td>
                <td data-cell="law" className="tabular"><Flash value={t.due_within_7_days} /><span className={rows.narrowOnly}> due within 7 days</span></td>
                <td data-cell="right" className="tabular"><Flash value={t.open} /><span className={rows.narrowOnly}> open</span></td>
                <td data-cell="state"><Button size="compact-xs" variant="default" loading={choose.isPending && choose.variables === t.slug} onClick={() => choose.mutate(t.slug)} aria-label={`Enter ${t.name}`}>Enter</Button></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Page>
  )
}
