import { IconFileTypeCsv } from '@tabler/icons-react'

import { FileDrop } from '../page/FileDrop'

/** Where a list is dropped, or chosen by a button. */
export function ChooseList({ file, onFile }: { file?: File; onFile: (file: File) => void }) {
  return <FileDrop icon={IconFileTypeCsv} hint="Drop the list here: CSV whose first line names the columns, in UTF-8" accept=".csv,.tsv,.txt,text/csv" file={file} onFile={onFile} />
}
