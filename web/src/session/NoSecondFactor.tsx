import { Link } from '@tanstack/react-router'

import { useSession } from './session'

/** Whether whoever is signed in can prove a second factor: their own, or that of the provider they come from. */
export function useSecondFactor(): boolean {
  const { second_factor: own, method } = useSession()
  return own.totp || own.passkeys > 0 || method === 'single_sign_on'
}

/** Says that there is no second factor, and leads to where one is added. */
export function NoSecondFactor({ onLeave }: { onLeave?: () => void }) {
  return <p role="status">This needs a second factor, and you have none yet. <Link to="/account" onClick={onLeave}>Add one on the page of your account</Link>, then do this again.</p>
}
