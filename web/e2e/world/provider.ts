import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

import { beside, stack } from './stack'

/** A real OpenID provider in a process of its own. */
export interface Provider {
  issuer: string
  /** Says who signs in there from now on. */
  is: (sub: string, email: string, ...groups: string[]) => Promise<void>
  end: () => void
}

/** Starts a provider that knows Docket as its client "docket". It dies with this process, if nobody ends it before. */
export async function startProvider(): Promise<Provider> {
  const child = spawn(process.execPath, ['provider.mjs'], {
    cwd: beside('../../../api/signin/testprovider'), stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, REDIRECT: `${stack.url}/v1/sign-in/oidc/callback` },
  })
  for await (const issuer of createInterface(child.stdout)) {
    if (!issuer.startsWith('http://')) continue
    return {
      issuer,
      is: async (sub, email, ...groups) => {
        const answer = await fetch(`${issuer}/who`, { method: 'POST', body: JSON.stringify({ sub, email, email_verified: true, name: 'Mina Hoff', groups }) })
        if (!answer.ok) throw new Error(`the provider does not know who is there: ${answer.status}`)
      },
      end: () => child.stdin.end(),
    }
  }
  throw new Error('the provider did not start: make provider installs it')
}
