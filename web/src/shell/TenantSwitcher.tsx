import { Menu } from '@mantine/core'
import { IconCheck, IconSelector } from '@tabler/icons-react'

import { useChooseTenant } from '../session/chooseTenant'
import { useSession } from '../session/session'
import { roles } from '../words/cases'
import { word } from '../words/words'
import classes from './Shell.module.css'

/** Whose data is handled here; a menu where the person may handle another's. */
export function TenantSwitcher() {
  const { tenant, memberships } = useSession()
  const choose = useChooseTenant()
  const name = tenant?.name ?? 'No tenant'
  if (memberships.length < 2) return <div className={classes.tenant} data-plain>{name}</div>
  return (
    <Menu position="bottom-start" width={240} withinPortal>
      <Menu.Target>
        <button type="button" className={classes.tenant} aria-label={`Tenant: ${name}. Change`}>
          <span className={classes.tenantName}>{name}</span>
          <IconSelector size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {memberships.map((m) => (
          <Menu.Item key={m.tenant} onClick={() => choose.mutate(m.tenant)} rightSection={m.tenant === tenant?.slug ? <IconCheck size={16} /> : undefined}>
            {m.name}
            <span className={classes.role}>{word(roles, m.role)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
