import { Button } from '@mantine/core'
import { useState } from 'react'

import { api, held } from '../api/client'
import { Failure } from '../page/Failure'
import { useMay } from '../session/session'
import { AnswerInquiry } from './AnswerInquiry'
import { CloseInquiry } from './CloseInquiry'
import { GoOn } from './GoOn'
import classes from './inquiries.module.css'
import { possible } from './possible'
import type { Inquiry } from './queries'
import { useInquiry } from './useInquiry'

/** Asks once more: with the letter again, or with a link of its own. */
function useAgain(request: string, inquiry: string, anew: boolean) {
  return useInquiry(request, (key) => held(api.POST('/v1/requests/{id}/inquiries/{inquiry}/again', {
    params: { path: { id: request, inquiry }, header: { 'Idempotency-Key': key } }, body: { anew },
  })), () => undefined).doing
}

/** What can be done now about an inquiry of a request in a state. */
export function Acts({ inquiry: i, request, state }: { inquiry: Inquiry; request: string; state: string }) {
  const can = possible(i, state, useMay())
  const [doing, setDoing] = useState<'answer' | 'close' | 'go-on'>()
  const again = useAgain(request, i.id, false), anew = useAgain(request, i.id, true)
  const error = again.error ?? anew.error
  const done = () => setDoing(undefined)
  return (
    <>
      <div className={classes.acts}>
        {can.answer && <Button size="xs" variant={i.channel === 'manual' ? 'filled' : 'default'} onClick={() => setDoing('answer')}>Enter the answer</Button>}
        {can.again && <Button size="xs" variant="default" loading={again.isPending} onClick={() => again.mutate()}>{can.anew ? 'Send the letter again' : 'Ask once more'}</Button>}
        {can.anew && <Button size="xs" variant="default" loading={anew.isPending} onClick={() => anew.mutate()}>Ask anew with another link</Button>}
        {can.goOn && <Button size="xs" variant="default" onClick={() => setDoing('go-on')}>Go on without them</Button>}
        {can.close && <Button size="xs" variant="default" onClick={() => setDoing('close')}>Ask no more</Button>}
      </div>
      {error && <Failure error={error} />}
      {doing === 'answer' && <AnswerInquiry request={request} inquiry={i} onClose={done} />}
      {doing === 'close' && <CloseInquiry request={request} inquiry={i} onClose={done} />}
      {doing === 'go-on' && <GoOn request={request} inquiry={i} onClose={done} />}
    </>
  )
}
