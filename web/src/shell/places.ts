import { IconBarrierBlock, IconBuilding, IconCalendarX, IconChartBar, IconChecklist, IconDatabase, IconGavel, IconHistory, IconInbox, IconListDetails, IconLock, IconMailCheck, IconSettings, IconUserCheck } from '@tabler/icons-react'

export interface Place {
  to: '/' | '/requests' | '/tasks' | '/reports' | '/systems' | '/rules' | '/audit' | '/settings' | '/tenants' | '/holds' | '/limits' | '/deferred' | '/mail' | '/consents'
  name: string
  key: string
  icon: typeof IconInbox
  needs: string
}

// The keys follow g: g d, g r, …
export const places: Place[] = [
  { to: '/', name: 'Docket', key: 'd', icon: IconListDetails, needs: 'list-obligations' },
  { to: '/requests', name: 'Requests', key: 'r', icon: IconInbox, needs: 'list-requests' },
  { to: '/tasks', name: 'Tasks', key: 't', icon: IconChecklist, needs: 'list-tasks' },
  { to: '/reports', name: 'Reports', key: 'p', icon: IconChartBar, needs: 'get-timeliness' },
  { to: '/systems', name: 'Systems', key: 's', icon: IconDatabase, needs: 'list-systems' },
  { to: '/rules', name: 'Rules', key: 'l', icon: IconGavel, needs: 'list-policies' },
  { to: '/holds', name: 'Legal holds', key: 'h', icon: IconLock, needs: 'list-holds' },
  { to: '/deferred', name: 'Deferred erasures', key: 'f', icon: IconCalendarX, needs: 'list-deferred-erasures' },
  { to: '/limits', name: 'Limits', key: 'm', icon: IconBarrierBlock, needs: 'list-limits' },
  { to: '/mail', name: 'Message check', key: 'c', icon: IconMailCheck, needs: 'check-mail' },
  { to: '/consents', name: 'Consents', key: 'i', icon: IconUserCheck, needs: 'list-consent-purposes' },
  { to: '/audit', name: 'Audit log', key: 'a', icon: IconHistory, needs: 'list-audit-events' },
  { to: '/tenants', name: 'Tenants', key: 'o', icon: IconBuilding, needs: 'list-tenants' },
  { to: '/settings', name: 'Settings', key: 'e', icon: IconSettings, needs: 'get-tenant' },
]
