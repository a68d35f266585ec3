import { Button, Group, Modal } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import type { Schemas } from '../api/client'
import { Day } from '../time/Moment'
import { rights } from '../words/cases'
import { word } from '../words/words'
import classes from './new.module.css'

/** What one request with several rights became: each is a request of its own. */
export function Filed({ accepted, first, onClose }: { accepted: Schemas['Accepted']; first?: string; onClose: () => void }) {
  const all = [{ ...accepted, right: first }, ...(accepted.also ?? [])]
  return (
    <Modal opened onClose={onClose} title={`${all.length} requests were filed`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <p style={{ marginTop: 0 }}>Each right is a request of its own, with its own dates and decision. The person proves once who they are.</p>
      <ul className={classes.filed}>
        {all.map((r) => (
          <li key={r.id}>
            <Link to="/requests/$id" params={{ id: r.id }} search={{}} className="reference" onClick={onClose}>{r.reference}</Link>
            <span>{word(rights, r.right)}</span>
            <span className="dim">answer by <Day at={r.due} />{r.duplicate_of && `, linked with ${r.duplicate_of}`}</span>
          </li>
        ))}
      </ul>
      <Group justify="flex-end" mt="md"><Button onClick={onClose}>Close</Button></Group>
    </Modal>
  )
}
