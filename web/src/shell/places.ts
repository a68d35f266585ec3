import { IconChecklist, IconInbox, IconListDetails } from '@tabler/icons-react'

export interface Place {
  to: '/' | '/requests' | '/tasks'
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
]
