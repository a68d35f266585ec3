import { Menu, useMantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { IconDeviceDesktop, IconLogout, IconMoon, IconSelector, IconSun, IconUser } from '@tabler/icons-react'

import { useSession } from '../session/session'
import { useSignOut } from '../session/signOut'
import { roles } from '../words/cases'
import { word } from '../words/words'
import classes from './Shell.module.css'

const schemes = [
  { value: 'light', name: 'Light', icon: IconSun },
  { value: 'dark', name: 'Dark', icon: IconMoon },
  { value: 'auto', name: 'As the system', icon: IconDeviceDesktop },
] as const

/** Who is signed in, the look of the console, and the way out. */
export function Account() {
  const session = useSession()
  const signOut = useSignOut()
  const navigate = useNavigate()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu position="top-start" width={224} withinPortal>
      <Menu.Target>
        <button type="button" className={classes.account}>
          <span className={classes.who}>
            <span className={classes.name}>{session.account.name}</span>
            <span className={classes.role}>{word(roles, session.role)}</span>
          </span>
          <IconSelector size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconUser size={16} />} onClick={() => void navigate({ to: '/account' })}>Your account</Menu.Item>
        <Menu.Label>Look</Menu.Label>
        {schemes.map(({ value, name, icon: Icon }) => (
          <Menu.Item key={value} leftSection={<Icon size={16} />} aria-current={colorScheme === value || undefined}
            rightSection={colorScheme === value ? '✓' : undefined} onClick={() => setColorScheme(value)}>
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
