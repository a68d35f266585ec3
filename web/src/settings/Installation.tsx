import { Button, Group, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'
import { Facts } from '../page/Facts'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Ago, Day } from '../time/Moment'
import { plain } from '../words/words'

type View = Schemas['InstallationView']

const installationQuery = {
  queryKey: ['installation'],
  queryFn: () => held(api.GET('/v1/installation')),
  // While keys are wrapped anew, how far it is.
  refetchInterval: ({ state }: { state: { data?: View } }) => (state.data?.rotation && !state.data.rotation.ended_at ? 2000 : (false as const)),
}

/** How the installation reaches people, how old its keys are, and for how long it keeps what. */
export function Installation() {
  const answer = useQuery(installationQuery)
  if (answer.error) return <Failure error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting lines={10} />
  const { public_url, mail_from, slack, slack_buttons, version, retention: r } = answer.data
  return (
    <>
      <Panel title="How people are reached">
        <Facts wide facts={[
          ['Public address', public_url],
          ['Letters come from', mail_from],
          ['Slack', !slack ? 'not connected: notices go by e-mail' : slack_buttons ? 'notices, with buttons that act' : 'notices; buttons do nothing until the signing secret is set'],
          ['Version', version],
        ]} />
        <p className="dim">Set by whoever runs the installation, in its environment.</p>
      </Panel>
      <Keys view={answer.data} />
      <Panel title="How long things are kept">
        <Facts wide facts={[
          ['A package', `${r.package_days} days, then its key is destroyed`],
          ['A request nobody proved to be theirs', `closed after ${r.unproven_days} days`],
          ['Ended sign-ins', `${r.sessions_days} days`],
          ['Webhook deliveries', `${r.webhook_deliveries_days} days`],
          ['Answers to repeated calls', `${r.idempotency_hours} hours`],
          ['The audit log', 'for good'],
        ]} />
        <p className="dim">The first two are among the tenant’s settings.</p>
      </Panel>
    </>
  )
}

function Keys({ view: { keys, rotation } }: { view: View }) {
  const may = useMay()
  const [asking, ask] = useDisclosure(false)
  const running = rotation && !rotation.ended_at
  return (
    <Panel title="Keys" actions={may('rotate-keys') && <Button size="xs" variant="default" disabled={running} onClick={ask.open}>Rotate the tenant’s key</Button>}>
      <Facts wide facts={[
        ...(keys ?? []).map((k): [string, React.ReactNode] => [plain(k.name), <>made <Day at={k.created_at} />{k.rotated_at && <>, rotated <Day at={k.rotated_at} /></>}</>]),
        ['The tenant’s key', !rotation ? 'never rotated' : running ? <span role="status">being rotated since <Ago at={rotation.started_at} />, {rotation.rewrapped} keys wrapped anew so far</span> : <>rotated <Ago at={rotation.ended_at ?? rotation.started_at} />, {rotation.rewrapped} keys wrapped anew</>],
      ]} />
      {asking && <Rotate onClose={ask.close} />}
    </Panel>
  )
}

function Rotate({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const rotate = useMutation({
    mutationFn: () => held(api.POST('/v1/keys/rotate', { body: {} })),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: installationQuery.queryKey }); onClose() },
  })
  return (
    <Modal opened onClose={onClose} title="Rotate the tenant’s key" closeButtonProps={{ 'aria-label': 'Close' }}>
      <p style={{ marginTop: 0 }}>The key store makes a new version of it, under which the keys of every person, system, package and document are wrapped anew, in the background. Everything stays readable meanwhile; at the end nothing needs the old version.</p>
      {rotate.error && <Failure error={rotate.error} />}
      <Group justify="flex-end" gap="xs"><Button variant="default" onClick={onClose}>Leave it</Button><Button loading={rotate.isPending} onClick={() => rotate.mutate()}>Rotate the key</Button></Group>
    </Modal>
  )
}
