import { Kbd, Modal } from '@mantine/core'

import { useMay } from '../session/session'
import { keyHelp } from './keys'
import { places } from './places'
import classes from './Shell.module.css'

export function KeyHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const may = useMay()
  const keys = [...keyHelp, ...places.filter((p) => may(p.needs)).map((p): [string, string] => [`g ${p.key}`, p.name])]
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size="sm" closeButtonProps={{ 'aria-label': 'Close' }}>
      <dl className={classes.keys}>
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>{what}</dt>
            <dd>{key.split(/\s+/).map((k) => <Kbd key={k}>{k}</Kbd>)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
