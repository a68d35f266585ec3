import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'

import { api, held, type Schemas } from '../api/client'
import { asProblem } from '../api/problem'
import { Failure } from '../page/Failure'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { faultsByLine } from './lines'
import classes from './systems.module.css'

const YamlEditor = lazy(() => import('./YamlEditor').then((m) => ({ default: m.YamlEditor })))

export const secretsHint = 'token=…, or user=… and password=…, or client_id=… and client_secret=…, as the auth of the service document takes them; each on a line of its own. They are sealed, and never shown again.'

/** The words of systems that a document says how to reach: services behind HTTP, and object stores. */
interface Words { tab: string; document: string; lead: string; hint: string }
const serviceWords: Words = { tab: 'Service', document: 'service document', lead: 'Which request finds a person’s rows, where they are in the answer, and which request deletes or changes one. It holds no secret.', hint: secretsHint }
const askedLead = 'Somebody else has the system and is asked: for which rights, what they are told of the person, how long they have.'
export const documented: Record<string, Words | undefined> = {
  http: serviceWords,
  s3: { tab: 'Store', document: 'store document', lead: 'Which objects belong to what, and where in their keys, tags, metadata or content it says whose they are. It holds no secret.', hint: 'access_key=… and secret_key=…, each on a line of its own. They are sealed, and never shown again.' },
  opendsr: { tab: 'Processor', document: 'document', lead: askedLead + ' The processor’s certificate checks what it signs. It holds no secret.', hint: 'token=…, or user=… and password=…, as the auth of the document takes them; each on a line of its own. They are sealed, and never shown again.' },
  email: { tab: 'Vendor', document: 'document', lead: askedLead, hint: '' },
  manual: { tab: 'Whom to ask', document: 'document', lead: askedLead, hint: '' },
}

/** Systems that nobody here reads: somebody else is asked. */
export const askedKinds = ['opendsr', 'email', 'manual']

/** How a system is reached that lies behind HTTP or is an object store. */
export function ServiceDocument({ system }: { system: Schemas['SystemView'] }) {
  const may = useMay()
  const words = documented[system.kind] ?? serviceWords
  const [text, setText] = useState(system.service ?? '')
  const [secrets, setSecrets] = useState({ target: '', change: '' })
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: () => held(api.PATCH('/v1/systems/{id}', {
      params: { path: { id: system.id } },
      body: { service: text, ...(secrets.target.trim() ? { target: secrets.target } : {}), ...(secrets.change.trim() ? { change_target: secrets.change } : {}) },
    })),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['systems'] }); setSecrets({ target: '', change: '' }) },
  })
  return (
    <>
      <p className="prose">{words.lead}</p>
      <Suspense fallback={<Waiting lines={10} />}>
        <YamlEditor label={words.tab + ' document'} value={text} onChange={may('change-system') ? setText : undefined} faults={faultsByLine(save.error ? asProblem(save.error).faults : [])} />
      </Suspense>
      {may('change-system') && words.hint && (
        <details className={classes.help}>
          <summary>Other secrets, too: needed when the document leads to another host</summary>
          <Textarea mt="xs" label="Secrets to read with" description={words.hint} autosize minRows={1} maxLength={8000} autoComplete="off" value={secrets.target} onChange={(e) => setSecrets({ ...secrets, target: e.currentTarget.value })} />
          {system.changes && <Textarea mt="xs" label="Secrets to change with" autosize minRows={1} maxLength={8000} autoComplete="off" value={secrets.change} onChange={(e) => setSecrets({ ...secrets, change: e.currentTarget.value })} />}
        </details>
      )}
      {save.error && <Failure error={save.error} />}
      {may('change-system') && <Button mt="sm" disabled={text === system.service && !secrets.target.trim() && !secrets.change.trim()} loading={save.isPending} onClick={() => save.mutate()}>Save the {words.document}</Button>}
    </>
  )
}
