export interface Archive {
  read: (name: string) => Promise<Uint8Array<ArrayBuffer>>
  names: string[]
}

interface Entry {
  method: number
  packed: number
  size: number
  at: number
}

const broken = (what: string) => new Error(`The export is no whole ZIP file: ${what}.`)

/** Opens a ZIP file in memory. Its directory at the end says where each file lies. */
export async function openZip(blob: Blob): Promise<Archive> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  const view = new DataView(bytes.buffer)
  const entries = directory(bytes, view)
  return {
    names: [...entries.keys()],
    read: async (name) => {
      const entry = entries.get(name)
      if (!entry) throw broken(`${name} is missing`)
      const start = entry.at + 30 + view.getUint16(entry.at + 26, true) + view.getUint16(entry.at + 28, true)
      const packed = bytes.slice(start, start + entry.packed)
      const data = entry.method === 0 ? packed : await inflated(packed)
      if (data.length !== entry.size) throw broken(`${name} has not its length`)
      return data
    },
  }
}

function directory(bytes: Uint8Array, view: DataView): Map<string, Entry> {
  let end = bytes.length - 22
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--
  if (end < 0) throw broken('it has no directory')
  const entries = new Map<string, Entry>()
  let at = view.getUint32(end + 16, true)
  for (let i = view.getUint16(end + 10, true); i > 0; i--) {
    if (view.getUint32(at, true) !== 0x02014b50) throw broken('its directory is cut off')
    const nameLength = view.getUint16(at + 28, true)
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    entries.set(name, { method: view.getUint16(at + 10, true), packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true), at: view.getUint32(at + 42, true) })
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return entries
}

async function inflated(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
