import { useMutation } from '@tanstack/react-query'

import { Problem } from '../api/problem'
import { call } from './calls'

interface Options {
  publicKey: PublicKeyCredentialRequestOptionsJSON & PublicKeyCredentialCreationOptionsJSON
}

/** Whether this browser can use passkeys on this page. */
export function usePasskeys(): boolean {
  return typeof window.PublicKeyCredential === 'function' && typeof navigator.credentials === 'object'
}

/** Proves who somebody is by a passkey: options from the server, an answer of the device, judged by the server. */
export function usePasskeyProof<T>(path: string, done: (answer: T) => void) {
  return useMutation({
    mutationFn: async () => {
      const options = publicKey(await call<Options | Options['publicKey']>('POST', `${path}/options`))
      const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }).catch(stopped)
      return call<T>('POST', path, { credential: (credential as PublicKeyCredential).toJSON() as unknown })
    },
    onSuccess: done,
  })
}

/** Adds a passkey of this device to the account. */
export async function addPasskey(name: string): Promise<void> {
  const options = publicKey(await call<Options | Options['publicKey']>('POST', '/v1/account/passkeys/options'))
  const credential = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }).catch(stopped)
  await call('POST', '/v1/account/passkeys', { name, credential: (credential as PublicKeyCredential).toJSON() as unknown })
}

/** Servers send the options bare or wrapped as navigator.credentials wants them. */
function publicKey(answer: Options | Options['publicKey']): Options['publicKey'] {
  return 'publicKey' in answer ? answer.publicKey : answer
}

function stopped(): never {
  throw new Problem({ status: 0, code: 'passkey-stopped', detail: 'The device gave no passkey: it was stopped, it took too long, or there is none for this address. Try again, or go another way.' })
}
