// Adds up what the browser fetches before the home page stands, compressed, and fails above the limit.
import { readFileSync, statSync } from 'node:fs'

const limit = 350 * 1024
const home = 'src/docket/DocketPage.tsx'
const folder = new URL('../dist/console/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8'))

const files = new Set()
function needs(key) {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`the build has no chunk for ${key}: name the home page in tools/weigh.mjs`)
  if (files.has(chunk.file)) return
  files.add(chunk.file)
  for (const css of chunk.css ?? []) files.add(css)
  for (const other of chunk.imports ?? []) needs(other)
}
needs('index.html')
needs(home)

let total = 0
for (const file of [...files].sort()) {
  const size = statSync(new URL(`${file}.br`, folder)).size
  total += size
  console.log(`${String(size).padStart(8)}  ${file}`)
}
console.log(`${String(total).padStart(8)}  first load of the home page, brotli; the limit is ${limit}`)
if (total > limit) {
  console.error('The first load is too heavy: load what the home page does not need later (React.lazy, lazyRouteComponent).')
  process.exit(1)
}
