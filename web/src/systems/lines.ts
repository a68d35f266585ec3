import type { Fault } from '../api/problem'

export interface LineFault {
  line: number
  message: string
  /** Without it, it is an error. */
  severity?: 'error' | 'warning'
}

/** Faults that name a line, as dataset:12 does. */
export function faultsByLine(faults: Fault[]): LineFault[] {
  return faults.flatMap((f) => {
    const line = Number(/:(\d+)$/.exec(f.location ?? '')?.[1])
    return line > 0 ? [{ line, message: f.message }] : []
  })
}
