import { Tooltip } from '@mantine/core'

import { useZone } from '../session/session'
import { agoInWords, dayOf, exactly } from './moment'
import { useNow } from './now'

/** When something happened: in words, the exact moment on hover. */
export function Ago({ at }: { at: string }) {
  const now = useNow()
  const zone = useZone()
  return (
    <Tooltip label={exactly(at, zone)}>
      <time dateTime={at} className="tabular nowrap">{agoInWords(at, now)}</time>
    </Tooltip>
  )
}

export function Day({ at }: { at: string }) {
  const zone = useZone()
  return (
    <Tooltip label={exactly(at, zone)}>
      <time dateTime={at} className="tabular nowrap">{dayOf(at, zone)}</time>
    </Tooltip>
  )
}
