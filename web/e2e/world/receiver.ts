import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Delivery {
  headers: IncomingHttpHeaders
  body: string
}

/** A program of the company that events are sent to, on this machine. */
export interface Receiver {
  url: string
  /** What has come, in its order, taken or not. */
  came: Delivery[]
  /** With what it answers from now on. */
  answer: (status: number) => void
  end: () => void
}

export async function startReceiver(): Promise<Receiver> {
  const came: Delivery[] = []
  let status = 204
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => { body += part }).on('end', () => {
      came.push({ headers: request.headers, body })
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    came,
    answer: (next) => { status = next },
    end: () => { server.close(); server.closeAllConnections() },
  }
}

/** Whether a delivery is signed with the secret, now, as the Standard Webhooks specification has its receivers see to. */
export function isSigned({ headers, body }: Delivery, secret: string): boolean {
  const moment = String(headers['webhook-timestamp'])
  if (Math.abs(Date.now() / 1000 - Number(moment)) > 300) return false
  const wanted = createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).update(`${String(headers['webhook-id'])}.${moment}.${body}`).digest()
  return String(headers['webhook-signature']).split(' ').some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ''), 'base64')
    return one.startsWith('v1,') && given.length === wanted.length && timingSafeEqual(given, wanted)
  })
}
