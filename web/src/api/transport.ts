import { unreachable } from './problem'

type StepUp = () => Promise<boolean>

// Set by the step-up dialog while it is on the page.
let askStepUp: StepUp | undefined
let onSignedOut: (() => void) | undefined

export function answerStepUpWith(ask: StepUp | undefined) {
  askStepUp = ask
}

export function whenSignedOut(tell: (() => void) | undefined) {
  onSignedOut = tell
}

/** The one way out of this page: it proves the second factor again where a call asks for it, and repeats the call. */
export async function send(request: Request): Promise<Response> {
  const spare = request.clone()
  const answer = await reach(request)
  if (answer.status === 401 && !new URL(request.url).pathname.startsWith('/v1/sign-in')) onSignedOut?.()
  if (answer.status !== 403 || !askStepUp) return answer
  const body = (await answer.clone().json().catch(() => ({}))) as { code?: string }
  if (body.code !== 'step-up-needed' || !(await askStepUp())) return answer
  return reach(spare)
}

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw unreachable
  }
}

/** One per action of a person; the same one when that action is tried again. */
export function newKey(): string {
  return crypto.randomUUID()
}
