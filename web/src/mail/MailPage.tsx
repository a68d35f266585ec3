import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { Failure } from '../page/Failure'
import { Page } from '../page/Page'
import { useMay } from '../session/session'
import { Choose } from './Choose'
import { Domains } from './Domains'
import classes from './mail.module.css'
import { checkMessage, type Question } from './queries'
import { Found } from './Found'

const start: Question = { class: 'commercial', countries: [], consent: 'unknown', tracking: 'unknown', sender: '', address: '', draft: false }

/** Checks a message before it goes out. The file stays in this window and is forgotten with it. */
export function MailPage() {
  const may = useMay()
  const [file, setFile] = useState<File>()
  const [question, setQuestion] = useState(start)
  const check = useMutation({ gcTime: 0, mutationFn: (f: File) => checkMessage(f, question) })
  const choose = (f: File | undefined) => { setFile(f); check.reset() }
  const ask = (part: Partial<Question>) => { setQuestion((old) => ({ ...old, ...part })); check.reset() } // a report is of what was asked
  return (
    <Page title="Message check" narrow lead="May this message go out? What is wrong with it, by which law of which country, and what to do. Nothing of the message is kept.">
      <Choose file={file} question={question} busy={check.isPending} onFile={choose} onAsk={ask} onCheck={() => { if (file) check.mutate(file) }} />
      <div aria-live="polite" className={classes.answer}>
        {check.error && <Failure error={check.error} />}
        {check.data && <Found report={check.data} />}
      </div>
      {may('list-mail-domains') && <Domains />}
    </Page>
  )
}
