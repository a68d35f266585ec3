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

type Sample = 'sample_crm' | 'sample_shop'

/** The address of a database of the sample company, with the role that may read it, or change it, and whose password is derived (deploy/sample). */
export function sampleDatabase(name: Sample, may: 'reader' | 'changer' = 'reader'): string {
  const address = new URL(addresses.postgres_admin_dsn)
  const username = `${name}_${may}`
  const password = createHmac('sha256', decodeURIComponent(address.password)).update(`docket sample ${username}`).digest('hex').slice(0, 32)
  return Object.assign(address, { username, password, pathname: `/${name}` }).href
}

/** Asks a database of the sample company, as its owner: the columns of the rows, as text. */
export function inSample(name: Sample, sql: string): string[][] {
  const rows = execFileSync('psql', ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set', 'ON_ERROR_STOP=1', Object.assign(new URL(addresses.postgres_admin_dsn), { pathname: `/${name}` }).href, '--command', sql], { encoding: 'utf8' })
  return rows.split('\n').filter((line) => line !== '').map((line) => line.split('|'))
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
