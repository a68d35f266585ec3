import { Kbd } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { IconKeyboard, IconPlus, IconSearch } from '@tabler/icons-react'

import { useMay } from '../session/session'
import { Account } from './Account'
import { Mark } from './Mark'
import { places } from './places'
import classes from './Shell.module.css'
import { TenantSwitcher } from './TenantSwitcher'

interface Props {
  onSearch: () => void
  onHelp: () => void
  onCreate?: () => void
}

export function Navigation({ onSearch, onHelp, onCreate }: Props) {
  const may = useMay()
  return (
    <nav className={classes.nav} aria-label="Screens">
      <div className={classes.brand}><Mark /></div>
      <TenantSwitcher />
      {may('search-requests') && (
        <button type="button" className={classes.search} onClick={onSearch}>
          <IconSearch size={16} aria-hidden /> Search <Kbd size="xs" ml="auto">/</Kbd>
        </button>
      )}
      {onCreate && (
        <button type="button" className={classes.search} onClick={onCreate}>
          <IconPlus size={16} aria-hidden /> New request <Kbd size="xs" ml="auto">n</Kbd>
        </button>
      )}
      <ul className={classes.places}>
        {places.filter((place) => may(place.needs)).map((place) => (
          <li key={place.to}>
            <Link to={place.to} className={classes.place} activeProps={{ 'data-active': true }} activeOptions={{ exact: place.to === '/', includeSearch: false }}>
              <place.icon size={18} stroke={1.6} aria-hidden />
              {place.name}
            </Link>
          </li>
        ))}
      </ul>
      <div className={classes.foot}>
        <button type="button" className={classes.place} onClick={onHelp}>
          <IconKeyboard size={18} stroke={1.6} aria-hidden /> Keys
        </button>
        <Account />
      </div>
    </nav>
  )
}
