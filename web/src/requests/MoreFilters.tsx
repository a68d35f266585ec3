import { Button, Popover, Select } from '@mantine/core'

import { Days } from '../page/Days'
import table from '../page/table.module.css'
import { useZone } from '../session/session'
import { dayOf } from '../time/moment'
import { outcomes } from '../words/cases'
import { plain, word } from '../words/words'
import type { RequestFilter } from './filter'
import classes from './requests.module.css'

type Narrow = (by: Partial<Record<keyof RequestFilter, string | null>>) => void

const yesNo = (any: string, yes: string, no: string) => [{ value: '', label: any }, { value: 'yes', label: yes }, { value: 'no', label: no }]

/** The filters that are wanted less often. */
export function MoreFilters({ filter, narrow }: { filter: RequestFilter; narrow: Narrow }) {
  return (
    <Popover width="min(440px, calc(100vw - 32px))" position="bottom-start" withinPortal portalProps={{ target: '#main' }} trapFocus>
      <Popover.Target><Button size="xs" variant="default">More filters</Button></Popover.Target>
      <Popover.Dropdown>
        <div className={classes.moreFilters}>
          <Select size="xs" label="Outcome" comboboxProps={{ withinPortal: false }} data={[{ value: '', label: 'Any' }, ...Object.entries(outcomes).map(([value, label]) => ({ value, label }))]} value={filter.outcome ?? ''} onChange={(v) => narrow({ outcome: v })} />
          <Select size="xs" label="Answered" comboboxProps={{ withinPortal: false }} data={yesNo('Any', 'On time', 'Late')} value={filter.on_time ?? ''} onChange={(v) => narrow({ on_time: v })} />
          <Select size="xs" label="Extended" comboboxProps={{ withinPortal: false }} data={yesNo('Any', 'Extended', 'Not extended')} value={filter.extended ?? ''} onChange={(v) => narrow({ extended: v })} />
          <Select size="xs" label="Linked with an earlier one" comboboxProps={{ withinPortal: false }} data={yesNo('Any', 'Linked', 'Not linked')} value={filter.duplicates ?? ''} onChange={(v) => narrow({ duplicates: v })} />
          <Days label="Received" from={filter.received_from} before={filter.received_before} set={(from, before) => narrow({ received_from: from, received_before: before })} />
          <Days label="Closed" from={filter.closed_from} before={filter.closed_before} set={(from, before) => narrow({ closed_from: from, closed_before: before })} />
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

/** What narrows the list and stands in no field that is seen, each to be taken away. */
export function Narrowed({ filter, narrow }: { filter: RequestFilter; narrow: Narrow }) {
  const zone = useZone()
  const told: [keyof RequestFilter, string | undefined][] = [
    ['outcome', filter.outcome && word(outcomes, filter.outcome)],
    ['reason', filter.reason && plain(filter.reason)],
    ['on_time', filter.on_time && (filter.on_time === 'yes' ? 'Answered on time' : 'Answered late')],
    ['extended', filter.extended && (filter.extended === 'yes' ? 'Extended' : 'Not extended')],
    ['duplicates', filter.duplicates && (filter.duplicates === 'yes' ? 'Linked' : 'Not linked')],
    ['received_from', filter.received_from && `Received from ${dayOf(filter.received_from, zone)}`],
    ['received_before', filter.received_before && `Received until ${lastDay(filter.received_before, zone)}`],
    ['closed_from', filter.closed_from && `Closed from ${dayOf(filter.closed_from, zone)}`],
    ['closed_before', filter.closed_before && `Closed until ${lastDay(filter.closed_before, zone)}`],
  ]
  return <>{told.map(([key, text]) => text && <button key={key} type="button" className={table.narrowed} onClick={() => narrow({ [key]: undefined })} aria-label={`Take away: ${text}`}>{text} <span aria-hidden>×</span></button>)}</>
}

const lastDay = (before: string, zone: string) => dayOf(new Date(new Date(before).getTime() - 1).toISOString(), zone)
