import { Button, FileButton } from '@mantine/core'
import { IconFileTypeCsv } from '@tabler/icons-react'
import { useState, type DragEvent } from 'react'

import { bytes } from '../words/words'
import classes from './consents.module.css'

/** Where a list is dropped, or chosen by a button. */
export function ChooseList({ file, onFile }: { file?: File; onFile: (file: File) => void }) {
  const [over, setOver] = useState(false)
  const drop = (e: DragEvent) => {
    e.preventDefault()
    setOver(false)
    const dropped = e.dataTransfer.files.item(0)
    if (dropped) onFile(dropped)
  }
  return (
    <div className={classes.drop} data-over={over || undefined} data-testid="drop" onDragOver={(e) => { e.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <IconFileTypeCsv size={24} stroke={1.4} aria-hidden />
      <p className={classes.dropText}>{file ? <><strong>{file.name}</strong>, {bytes(file.size)}</> : 'Drop the list here: CSV whose first line names the columns, in UTF-8'}</p>
      <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(f) => { if (f) onFile(f) }}>
        {(props) => <Button {...props} size="xs" variant="default">{file ? 'Choose another' : 'Choose a file'}</Button>}
      </FileButton>
    </div>
  )
}
