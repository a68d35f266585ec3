import { Button, Checkbox, Group } from '@mantine/core'
import { useState } from 'react'

import classes from './session.module.css'

/** Shown once. They let somebody in who has lost the second factor. */
export function RecoveryCodes({ codes, done }: { codes: string[]; done: () => void }) {
  const [kept, setKept] = useState(false)
  const file = () => {
    const address = URL.createObjectURL(new Blob([`${codes.join('\n')}\n`], { type: 'text/plain' }))
    const link = Object.assign(document.createElement('a'), { href: address, download: 'docket-recovery-codes.txt' })
    link.click()
    URL.revokeObjectURL(address)
  }
  return (
    <>
      <p className={classes.text}>With one of these you come in when your second factor is lost. Each works once. They are shown only now: keep them where you keep passwords.</p>
      <ul className={classes.codes}>{codes.map((c) => <li key={c}><code>{c}</code></li>)}</ul>
      <Group gap="xs" my="sm">
        <Button variant="default" size="xs" onClick={file}>Save as a file</Button>
        <Button variant="default" size="xs" onClick={() => window.print()}>Print</Button>
      </Group>
      <Checkbox label="I have kept them" checked={kept} onChange={(e) => setKept(e.currentTarget.checked)} mb="sm" />
      <Button fullWidth disabled={!kept} onClick={done}>Go on</Button>
    </>
  )
}
