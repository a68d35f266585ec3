import type { Schemas } from '../api/client'

export interface Draft {
  email: string
  name: string
  phone: string
  customer: string
  right: string
  regime?: string
  channel: string
  received: string
  backdate: string
  details: string
}

export const emptyDraft: Draft = { email: '', name: '', phone: '', customer: '', right: 'access', channel: 'email', received: '', backdate: '', details: '' }

const filled = (text: string) => text.trim() || undefined

export function toBody(d: Draft): Schemas['CreateRequestBody'] {
  return {
    person: { email: d.email.trim(), name: filled(d.name), phone: filled(d.phone), customer_id: filled(d.customer) },
    right: d.right as Schemas['CreateRequestBody']['right'],
    channel: d.channel as Schemas['CreateRequestBody']['channel'],
    regime: d.regime,
    details: filled(d.details),
    ...(d.received ? { received_at: new Date(d.received).toISOString(), backdate_reason: filled(d.backdate) } : {}),
  }
}
