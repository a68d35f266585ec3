import { unreachable } from './problem'

type StepUp = () => Promise<boolean>

// Set by the step-up dialog while it is on the page.
let askStepUp: StepUp | undefined
let onSignedOut: (() => void) | undefined
let onChanged: (() => void) | undefined
// Whose page this is: account/tenant, from the moment on at which somebody is inside until it is loaded anew.
let shown: string | undefined

export function answerStepUpWith(ask: StepUp | undefined) {
  askStepUp = ask
}

export function whenSignedOut(tell: (() => void) | undefined) {
  onSignedOut = tell
}

/** Told when the session went over to another tenant or another person, in another window than this. */
export function whenChanged(tell: (() => void) | undefined) {
  onChanged = tell
}

/** Says whose page this is. The server refuses what is sent from it once the session is another's. */
export function showing(whose: string) {
  shown ??= whose
  if (shown !== whose) onChanged?.()
}

/** How long somebody counts as being there after a key or a pointer moved. */
const attended = 2 * 60_000
let lastMove = Date.now()
for (const move of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
  window.addEventListener(move, () => { lastMove = Date.now() }, { capture: true, passive: true })
}

/** The one way out of this page: it proves the second factor again where a call asks for it, and repeats the call. */
export async function send(request: Request): Promise<Response> {
  if (shown) request.headers.set('Docket-Shown', shown)
  if (Date.now() - lastMove > attended) request.headers.set('Docket-Unattended', 'yes')
  const spare = request.clone()
  let answer = await reach(request)
  if (answer.status === 401 && !new URL(request.url).pathname.startsWith('/v1/sign-in')) {
    answer = await onceMore(spare.clone())
    if (answer.status === 401) onSignedOut?.()
  }
  if (answer.status !== 403 && answer.status !== 409) return answer
  const body = (await answer.clone().json().catch(() => ({}))) as { code?: string }
  if (body.code === 'session-changed') onChanged?.()
  if (!askStepUp || body.code !== 'step-up-needed' || !(await askStepUp())) return answer
  return reach(spare)
}

/** How long the answer may be under way that has the session's new secret: whoever proves a second factor gets one, and what they sent meanwhile has the old. */
const renewal = 400

async function onceMore(request: Request): Promise<Response> {
  await new Promise((resolve) => { setTimeout(resolve, renewal) })
  return reach(request)
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
