import { Button, Group, Modal, Select } from '@mantine/core'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import type { Standing } from '../request/commands/allowed'
import { groundsOf } from '../request/commands/rules'
import { plain } from '../words/words'
import classes from './corrections.module.css'
import type { Correction } from './queries'
import { useDecision } from './useDecision'
import { Value } from './Value'

/** Asks on which ground of the law one correction is refused. */
export function RefuseCorrection({ at, correction: c, onClose }: { at: Standing; correction: Correction; onClose: () => void }) {
  const [reason, setReason] = useState<string | null>(null)
  const decide = useDecision(at.detail.id, c.id, onClose)
  const grounds = groundsOf(at.detail, at.regime)
  return (
    <Modal opened onClose={onClose} title={`Refuse the correction of ${c.field}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (reason) decide.mutate({ decision: 'refuse', reason }) }}>
        <dl className={classes.change}>
          <div><dt>Says</dt><dd><Value text={c.was} /></dd></div>
          <div><dt>Would become</dt><dd><Value text={c.becomes} /></dd></div>
        </dl>
        <Select mt="sm" label="Ground of the refusal" description="The letter about the corrections names it." required searchable nothingFoundMessage="The law knows no such ground" value={reason} onChange={(v) => { setReason(v); decide.reset() }}
          data={grounds.map((g) => ({ value: g.reason, label: `${plain(g.reason)} (${g.citation.text})` }))} />
        <p className={classes.note}>The value stays as it is. The person hears of it when the request is closed, can complain, and can put a statement beside it on their page.</p>
        {decide.error && <Failure error={decide.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" color="red.8" disabled={!reason} loading={decide.isPending}>Refuse it</Button>
        </Group>
      </form>
    </Modal>
  )
}
