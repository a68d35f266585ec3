import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = process.env.DOCKET_TEST_STACK
if (!folder) throw new Error('no stack: run the browser tests with make e2e, or see CONTRIBUTING.md for one by hand')

interface Kept {
  port: number
  admin_key: string
}
interface Parts {
  addresses: { mail: string; postgres_admin_dsn: string }
}

const read = <T>(name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T
const kept = read<Kept>('product.json')
const { addresses } = read<Parts>('stack.json')

/** Where Docket and the mail catcher answer, and the key of the sample company's administrator. */
export const stack = {
  url: `http://localhost:${kept.port}`,
  mail: addresses.mail,
  adminKey: kept.admin_key,
}

/** The address of a database of the sample company, with the role that may read it and whose password is derived (deploy/sample). */
export function sampleDatabase(name: 'sample_crm' | 'sample_shop'): string {
  const address = new URL(addresses.postgres_admin_dsn)
  const reader = `${name}_reader`
  const password = createHmac('sha256', decodeURIComponent(address.password)).update(`docket sample ${reader}`).digest('hex').slice(0, 32)
  return Object.assign(address, { username: reader, password, pathname: `/${name}` }).href
}

/** The sample company, which has systems with people in them. */
export const company = 'halden-birk'

/** Asks the register itself, as its owner: for what only time would bring about. */
export function inRegister(sql: string) {
  execFileSync('psql', ['--no-psqlrc', '--quiet', '--set', 'ON_ERROR_STOP=1', Object.assign(new URL(addresses.postgres_admin_dsn), { pathname: '/docket' }).href, '--command', sql])
}

/** A file by its place beside this one. */
export const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Runs a command of the binary under test on the stack, as somebody at the machine. */
export function docket(args: string[], input = ''): string {
  return execFileSync(beside('../../../bin/docket'), args, { input, encoding: 'utf8', env: { ...process.env, DOCKET_STATE: folder }, stdio: ['pipe', 'pipe', 'pipe'] })
}
