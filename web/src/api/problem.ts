import type { components } from './schema'

export type Fault = components['schemas']['Fault']

/** An answer that is no success, as the server told it (RFC 9457), or as the network failed. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly citation?: string
  readonly faults: Fault[]
  readonly instance?: string

  constructor(p: { status: number; code: string; detail: string; citation?: string; faults?: Fault[]; instance?: string }) {
    super(p.detail)
    this.name = 'Problem'
    this.status = p.status
    this.code = p.code
    this.citation = p.citation
    this.faults = p.faults ?? []
    this.instance = p.instance
  }

  /** Worth another try without changing anything. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502
  }
}

type Body = Partial<components['schemas']['Problem']>

export function problemFrom(status: number, body: unknown): Problem {
  const p: Body = typeof body === 'object' && body !== null ? body : {}
  return new Problem({
    status,
    code: p.code ?? 'unknown',
    detail: p.detail ?? p.title ?? 'The server gave an answer that this console does not understand. Load the page again.',
    citation: p.citation,
    faults: p.errors ?? [],
    instance: p.instance,
  })
}

export const unreachable = new Problem({
  status: 0,
  code: 'unreachable',
  detail: 'The server does not answer. What you typed is kept here; try again in a moment.',
})

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem({ status: 0, code: 'console', detail: error instanceof Error ? error.message : 'Something failed in this page.' })
}
