import { Button, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { items } from '../api/client'
import { Empty } from '../page/Empty'
import { Failure } from '../page/Failure'
import { Printed } from '../page/Printed'
import { Tag } from '../page/Tag'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { Day } from '../time/Moment'
import { messageClasses } from '../words/consents'
import { word } from '../words/words'
import { AddText } from './AddText'
import classes from './consents.module.css'
import { PurposeForm } from './PurposeForm'
import { purposesQuery, titleOf, type Purpose } from './queries'
import { Retire } from './Retire'
import { Texts } from './Texts'

/** What people are asked to agree to, with every version of the words. */
export function PurposesPage() {
  const may = useMay()
  const answer = useQuery(purposesQuery)
  const [adding, add] = useState(false)
  const [retired, also] = useState(false)
  const all = answer.data && items(answer.data)
  const shown = all?.filter((p) => retired || !p.retired_at)
  const hidden = (all?.length ?? 0) - (shown?.length ?? 0)
  const button = may('put-consent-purpose') && <Button onClick={() => add(true)}>Add a purpose</Button>
  return (
    <>
      <Printed what="Purposes of consents" />
      <div className={classes.purposeHead}>
        <p className="dim prose" style={{ margin: 0 }}>A purpose is what people are asked to agree to. Its words are never changed: other words are the next version, and whoever agreed before has agreed to the old ones.</p>
        {button}
      </div>
      {(retired || hidden > 0) && <Switch mt="sm" size="xs" className="screen-only" label="Also those that are no longer used" checked={retired} onChange={(e) => also(e.currentTarget.checked)} />}
      {answer.isPending && <Waiting lines={3} height={96} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {all?.length === 0 && <Empty title="There is no purpose yet" action={button}>Add what people are asked to agree to, such as a newsletter, and then the words that they see.</Empty>}
      {shown?.map((p) => <One key={p.key} purpose={p} purposes={all ?? []} />)}
      {adding && <PurposeForm purposes={all ?? []} onClose={() => add(false)} />}
    </>
  )
}

function One({ purpose: p, purposes }: { purpose: Purpose; purposes: Purpose[] }) {
  const may = useMay()
  const [open, setOpen] = useState<'change' | 'text' | 'retire'>()
  const close = () => setOpen(undefined)
  const title = titleOf(purposes, p.key)
  return (
    <section className={classes.purpose} aria-label={title}>
      <div className={classes.purposeHead}>
        <div>
          <h2>{title} {p.retired_at && <Tag risk="done">No longer used</Tag>}</h2>
          <p className="dim"><code>{p.key}</code> · {word(messageClasses, p.class)} · since <Day at={p.created_at} />{p.retired_at && <>, no longer used since <Day at={p.retired_at} /></>}</p>
          {p.similar_goods && <p className="dim">About your own goods or services like those that were bought: the soft opt-in of customers may carry it.</p>}
          {p.tracking && <p className="dim">What is agreed to is that it is seen what is opened and followed.</p>}
        </div>
        <div className="screen-only" style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
          {may('add-consent-text') && !p.retired_at && <Button size="xs" variant="default" aria-label={`New words for ${title}`} onClick={() => setOpen('text')}>New words</Button>}
          {may('put-consent-purpose') && !p.retired_at && <Button size="xs" variant="default" aria-label={`Change ${title}`} onClick={() => setOpen('change')}>Change</Button>}
          {may('put-consent-purpose') && <Button size="xs" variant="default" aria-label={p.retired_at ? `Use it again: ${title}` : `Use it no more: ${title}`} onClick={() => setOpen('retire')}>{p.retired_at ? 'Use it again' : 'Use it no more'}</Button>}
        </div>
      </div>
      <Texts texts={p.texts} />
      {open === 'change' && <PurposeForm purposes={purposes} purpose={p} onClose={close} />}
      {open === 'text' && <AddText purpose={p} title={title} onClose={close} />}
      {open === 'retire' && <Retire purpose={p} title={title} onClose={close} />}
    </section>
  )
}
