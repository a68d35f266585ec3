import { Button, Group, Menu, Modal, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { IconBookmark } from '@tabler/icons-react'
import { useState } from 'react'

import { useSession } from '../session/session'

interface View {
  name: string
  search: Record<string, string>
}

interface Props {
  screen: '/' | '/requests'
  /** The filter as it stands in the address; a place within the list is no part of a view. */
  search: object
}

function read(place: string): View[] {
  try {
    return JSON.parse(localStorage.getItem(place) ?? '[]') as View[]
  } catch {
    return []
  }
}

/** Filters under a name, kept in this browser. The view itself is the address, so that it can be passed on. */
export function SavedViews({ screen, search }: Props) {
  const { account, tenant } = useSession()
  const place = `docket-views ${account.id} ${tenant?.slug ?? ''} ${screen}`
  const [views, setViews] = useState(() => read(place))
  const [naming, setNaming] = useState(false)
  const navigate = useNavigate()
  const keep = (next: View[]) => {
    localStorage.setItem(place, JSON.stringify(next))
    setViews(next)
  }
  const now = Object.fromEntries(Object.entries(search).filter(([k, v]) => k !== 'cursor' && v)) as Record<string, string>
  const narrowed = Object.keys(now).length > 0
  const same = views.find((v) => JSON.stringify(sorted(v.search)) === JSON.stringify(sorted(now)))
  if (views.length === 0 && !narrowed) return null
  return (
    <>
      <Menu position="bottom-start" width={260} withinPortal>
        <Menu.Target><Button size="xs" variant="default" leftSection={<IconBookmark size={14} aria-hidden />}>{same?.name ?? 'Views'}</Button></Menu.Target>
        <Menu.Dropdown>
          {views.map((v) => <Menu.Item key={v.name} onClick={() => void navigate({ to: screen, search: v.search, resetScroll: false })}>{v.name}</Menu.Item>)}
          {views.length > 0 && (narrowed || same) && <Menu.Divider />}
          {narrowed && !same && <Menu.Item onClick={() => setNaming(true)}>Keep this view</Menu.Item>}
          {same && <Menu.Item onClick={() => keep(views.filter((v) => v !== same))}>Forget “{same.name}”</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {naming && <Naming onClose={() => setNaming(false)} named={(name) => { keep([...views.filter((v) => v.name !== name), { name, search: now }]); setNaming(false) }} />}
    </>
  )
}

const sorted = (search: Record<string, string>) => Object.entries(search).sort(([a], [b]) => a.localeCompare(b))

function Naming({ named, onClose }: { named: (name: string) => void; onClose: () => void }) {
  const [name, setName] = useState('')
  return (
    <Modal opened onClose={onClose} title="Keep this view" size="sm" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); named(name.trim()) }}>
        <TextInput label="Name" description="It is kept in this browser. Whoever has the address has the view too." required data-autofocus maxLength={60} value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <Group justify="flex-end" gap="xs" mt="md"><Button variant="default" onClick={onClose}>Discard</Button><Button type="submit" disabled={name.trim() === ''}>Keep it</Button></Group>
      </form>
    </Modal>
  )
}
