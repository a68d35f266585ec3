import { Button, FileInput, Group, Modal, Radio, Textarea } from '@mantine/core'
import { useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { upload } from '../api/upload'
import { Failure } from '../page/Failure'
import { inquiryOutcomes } from '../words/inquiries'
import { word } from '../words/words'
import type { Inquiry } from './queries'
import { useInquiry } from './useInquiry'

type Outcome = Schemas['InquiryAnswer']['outcome']

const outcomes: [Outcome, string][] = [
  ['done', 'Everything was done.'],
  ['nothing', 'They hold nothing of the person.'],
  ['partly', 'Say what is missing, and why.'],
  ['refused', 'Say why.'],
]

/** Takes in an answer that came another way than through the link or the protocol, with the files that came along. */
export function AnswerInquiry({ request, inquiry, onClose }: { request: string; inquiry: Inquiry; onClose: () => void }) {
  const [outcome, setOutcome] = useState<Outcome>()
  const [words, setWords] = useState('')
  const [files, setFiles] = useState<File[]>([])
  const path = { id: request, inquiry: inquiry.id }
  const { doing, changed } = useInquiry(request, async (key) => {
    for (const file of files) {
      await upload(`/v1/requests/${request}/inquiries/${inquiry.id}/files`, file)
      setFiles((left) => left.filter((f) => f !== file))
    }
    return held(api.POST('/v1/requests/{id}/inquiries/{inquiry}/answer', { params: { path, header: { 'Idempotency-Key': key } }, body: { outcome: outcome ?? 'done', words: words.trim() } }))
  }, onClose)
  const needed = outcome === 'partly' || outcome === 'refused'
  const whole = !!outcome && (!needed || words.trim() !== '')
  return (
    <Modal opened onClose={onClose} title={`What ${inquiry.addressee} answered`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(e) => { e.preventDefault(); if (whole) doing.mutate() }}>
        <Radio.Group label="What came of it" required value={outcome ?? ''} onChange={(v) => changed(setOutcome)(v as Outcome)}>
          {outcomes.map(([value, explained]) => <Radio key={value} mt="xs" size="sm" value={value} label={word(inquiryOutcomes, value)} description={explained} />)}
        </Radio.Group>
        {inquiry.purpose === 'copy' && <FileInput mt="sm" label="Files" description="What they sent: at most 10 MB each. They go to the person as they are." multiple value={files} onChange={changed(setFiles)} clearable />}
        <Textarea mt="sm" label="What they said" description={inquiry.purpose === 'copy' ? 'The person gets these words, too.' : 'For the file.'} required={needed} autosize minRows={3} maxRows={10} maxLength={10000} value={words} onChange={(e) => changed(setWords)(e.currentTarget.value)} />
        {doing.error && <Failure error={doing.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" disabled={!whole} loading={doing.isPending}>Keep the answer</Button>
        </Group>
      </form>
    </Modal>
  )
}
