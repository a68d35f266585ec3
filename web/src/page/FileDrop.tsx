import { Button, FileButton } from '@mantine/core'
import type { IconFile } from '@tabler/icons-react'
import { useState, type DragEvent } from 'react'

import { bytes } from '../words/words'
import classes from './page.module.css'

interface Props {
  icon: typeof IconFile
  /** What is dropped here, as long as nothing was. */
  hint: string
  /** What the button offers, as an input of files says it. */
  accept: string
  file: File | undefined
  onFile: (file: File) => void
}

/** Where a file is dropped, or chosen by a button. */
export function FileDrop({ icon: Icon, hint, accept, file, onFile }: Props) {
  const [over, setOver] = useState(false)
  const drop = (e: DragEvent) => {
    e.preventDefault()
    setOver(false)
    const dropped = e.dataTransfer.files.item(0)
    if (dropped) onFile(dropped)
  }
  return (
    <div className={classes.drop} data-over={over || undefined} data-testid="drop" onDragOver={(e) => { e.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <Icon size={24} stroke={1.4} aria-hidden />
      <p className={classes.dropText}>{file ? <><strong>{file.name}</strong>, {bytes(file.size)}</> : hint}</p>
      <FileButton accept={accept} onChange={(f) => { if (f) onFile(f) }}>
        {(props) => <Button {...props} size="xs" variant="default">{file ? 'Choose another' : 'Choose a file'}</Button>}
      </FileButton>
    </div>
  )
}
