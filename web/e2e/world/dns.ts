import { createSocket } from 'node:dgram'

/** A name server on loopback, at the address that the stack asks (DOCKET_DNS): it answers with the TXT records that it is given, and with nothing else. */
export async function startDNS() {
  const [host, port] = (process.env.DOCKET_DNS ?? '').split(':')
  if (!host || !port) throw new Error('no DOCKET_DNS: run the browser tests with make e2e, or start the stack with DOCKET_DNS=127.0.0.1:9453')
  const records = new Map<string, string>()
  const socket = createSocket('udp4')
  socket.on('message', (question, from) => { socket.send(answer(question, records), from.port, from.address) })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(Number(port), host, resolve)
  })
  return { publish: (name: string, value: string) => records.set(name.toLowerCase(), value), end: () => new Promise<void>((resolve) => { socket.close(resolve) }) }
}

/** One answer (RFC 1035 s.4): the question again, and one TXT record of up to 255 bytes, or that there is no such name. */
function answer(question: Buffer, records: Map<string, string>): Buffer {
  const { name, end } = asked(question)
  const value = records.get(name)
  const head = Buffer.alloc(12)
  question.copy(head, 0, 0, 2) // the id
  head.writeUInt16BE(value === undefined ? 0x8583 : 0x8580, 2) // an answer with authority: no such name, or no error
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(value === undefined ? 0 : 1, 6)
  const parts = [head, question.subarray(12, end)]
  if (value !== undefined) {
    const record = Buffer.from([0xc0, 0x0c, 0, 16, 0, 1, 0, 0, 0, 1, 0, value.length + 1, value.length]) // TXT, IN, for a second
    parts.push(record, Buffer.from(value, 'ascii'))
  }
  return Buffer.concat(parts)
}

/** The name that is asked for, and where the question ends. */
function asked(question: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('ascii', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 }
}
