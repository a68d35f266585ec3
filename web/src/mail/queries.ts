import { queryOptions } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'
import { problemFrom } from '../api/problem'
import { send } from '../api/transport'

export type MailDomain = Schemas['MailDomainView']
export type Report = Schemas['PreflightReport']
export type Finding = Schemas['PreflightFinding']

export const domainsQuery = queryOptions({ queryKey: ['mail-domains'], queryFn: () => held(api.GET('/v1/mail/domains')) })

/** What is asked about a message; what is empty is not known. */
export interface Question {
  class: string
  countries: string[]
  consent: string
  tracking: string
  sender: string
  address: string
  draft: boolean
}

/** Sends the raw message to be checked. Nothing of it is kept, here or there. */
export async function checkMessage(file: File, q: Question): Promise<Report> {
  const query = new URLSearchParams({ class: q.class, consent: q.consent, tracking_consent: q.tracking })
  if (q.countries.length > 0) query.set('country', q.countries.join(','))
  if (q.sender.trim()) query.set('sender', q.sender.trim())
  if (q.address.trim()) query.set('address', q.address.trim())
  if (q.draft) query.set('before_signing', 'true')
  const request = new Request(`${window.location.origin}/v1/mail/check?${query.toString()}`, { method: 'POST', body: await file.arrayBuffer(), headers: { 'Content-Type': 'message/rfc822' } })
  const answer = await send(request)
  const read: unknown = await answer.json().catch(() => undefined)
  if (!answer.ok) throw problemFrom(answer.status, read)
  return read as Report
}
