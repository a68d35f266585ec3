import { Button, Menu, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'

import { api, held } from '../api/client'
import { keep } from '../api/save'
import { Failure } from '../page/Failure'
import { channels } from '../words/consents'
import { word } from '../words/words'
import type { Who } from './queries'

type Form = 'dpv' | 'kantara'

/** Saves what is on record as documents that others read. The person is in them by a pseudonym, and the file's name names nobody. */
export function Documents({ who }: { who: Who }) {
  const write = useMutation({
    gcTime: 0,
    mutationFn: async (form: Form) => {
      const { records } = await held(api.POST('/v1/consent/person/records', { body: { ...who, form } }))
      const documents = records.filter((r) => r.document).map((r) => r.document)
      if (documents.length > 0) keep(new Blob([JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2)], { type: form === 'dpv' ? 'application/ld+json' : 'application/json' }), form === 'dpv' ? 'consent-records.jsonld' : 'consent-receipts.json')
      return { saved: documents.length, missing: records.filter((r) => r.missing) }
    },
  })
  return (
    <>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target><Button variant="default" loading={write.isPending}>Save documents for others</Button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => write.mutate('dpv')}>Consent records, with the whole history (ISO/IEC TS 27560, DPV)</Menu.Item>
          <Menu.Item onClick={() => write.mutate('kantara')}>Consent receipts of what stands (Kantara 1.1)</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {(write.error ?? (write.data && write.data.missing.length > 0)) && (
        <Modal opened onClose={() => write.reset()} title="Documents for others" closeButtonProps={{ 'aria-label': 'Close' }}>
          {write.error && <Failure error={write.error} />}
          {write.data && (
            <>
              <p style={{ marginTop: 0 }}>{write.data.saved > 0 ? 'The others were saved. ' : ''}Of these there is none:</p>
              <ul>{write.data.missing.map((m) => <li key={`${m.purpose} ${m.channel}`}><strong>{m.purpose}, {word(channels, m.channel).toLowerCase()}</strong>: {m.missing}.</li>)}</ul>
            </>
          )}
        </Modal>
      )}
    </>
  )
}
