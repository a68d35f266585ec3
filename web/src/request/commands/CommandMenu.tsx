import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'

import { useMay } from '../../session/session'
import { reasonAgainst, type Standing } from './allowed'
import { catalogue, fitsRight, type Command } from './catalogue'
import classes from './commands.module.css'

/** Everything else that can be done; what cannot says why. */
export function CommandMenu({ at, primary, choose }: { at: Standing; primary?: Command; choose: (command: Command) => void }) {
  const may = useMay()
  const offered = catalogue.filter((c) => c !== primary && fitsRight(c, at.detail.right) && may(c.operation))
  if (offered.length === 0) return null
  const open = offered.filter((c) => !reasonAgainst(c, at))
  const closed = offered.filter((c) => reasonAgainst(c, at))
  return (
    <Menu position="bottom-end" width={320} withinPortal>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>More</Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        {open.map((c) => (
          <Menu.Item key={c.name} onClick={() => choose(c)} className={c.grave ? classes.grave : undefined}>{c.label}</Menu.Item>
        ))}
        {open.length > 0 && closed.length > 0 && <Menu.Divider />}
        {closed.length > 0 && <Menu.Label>Not now</Menu.Label>}
        {closed.map((c) => (
          <Menu.Item key={c.name} aria-disabled className={classes.closed} closeMenuOnClick={false}>
            {c.label}
            <span className={classes.reason}>{reasonAgainst(c, at)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
