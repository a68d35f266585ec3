import { Button, CopyButton, Group } from '@mantine/core'

import classes from './page.module.css'

/** A secret that is shown this once. */
export function Secret({ secret, onClose, children }: { secret: string; onClose: () => void; children: string }) {
  return (
    <>
      <p style={{ marginTop: 0 }}>{children}</p>
      <code className={classes.secret}>{secret}</code>
      <Group justify="flex-end" gap="xs">
        <CopyButton value={secret}>{({ copied, copy }) => <Button variant="default" onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
        <Button onClick={onClose}>I have kept it</Button>
      </Group>
    </>
  )
}
