import { Checkbox, Radio, Textarea, TextInput } from '@mantine/core'
import { Fragment } from 'react'

import { rightExplained, rights } from '../words/cases'
import { groundExplained, limitExplained, limitKinds, restrictionGrounds } from '../words/limits'
import { word } from '../words/words'
import type { Draft, missing } from './draft'
import classes from './new.module.css'

const objectable = ['direct_marketing', 'legitimate_interest', 'public_task', 'research', 'profiling']
const optable = ['sale', 'targeted_advertising', 'profiling']

interface Props {
  draft: Draft
  /** The rights that the law gives. */
  known: string[]
  set: (part: Partial<Draft>) => void
  lacks: ReturnType<typeof missing>
}

/** One right or several, and what the answers turn on. */
export function AskedFor({ draft, known, set, lacks }: Props) {
  const toggle = (right: string) => set({ rights: known.filter((r) => (r === right) !== draft.rights.includes(r)) })
  return (
    <fieldset className={classes.asked} aria-describedby={lacks && 'lacks'}>
      <legend>What is asked for</legend>
      {lacks === 'rights' && <p className={classes.lacks} id="lacks" role="alert">Choose what is asked for.</p>}
      <div className={classes.rights}>
        {known.map((right) => (
          <Fragment key={right}>
            <Checkbox size="sm" label={word(rights, right)} description={rightExplained[right]} checked={draft.rights.includes(right)} onChange={() => toggle(right)} />
            {draft.rights.includes(right) && <Turns right={right} draft={draft} set={set} lacks={lacks} />}
          </Fragment>
        ))}
      </div>
    </fieldset>
  )
}

/** What a right turns on. */
function Turns({ right, draft, set, lacks }: { right: string } & Omit<Props, 'known'>) {
  if (right === 'restriction') {
    return (
      <Radio.Group className={classes.turns} label="Ground of the restriction" required value={draft.ground} onChange={(ground) => set({ ground })} error={lacks === 'ground' && <span id="lacks">Choose the ground.</span>}>
        <div className={classes.choices}>{Object.entries(restrictionGrounds).map(([value, label]) => <Radio key={value} size="xs" value={value} label={label} description={groundExplained[value]} />)}</div>
      </Radio.Group>
    )
  }
  if (right === 'objection') {
    return (
      <Checkbox.Group className={classes.turns} label="What the objection is against" required value={draft.objected} onChange={(objected) => set({ objected })} error={lacks === 'objected' && <span id="lacks">Choose what it is against.</span>}>
        <div className={classes.choices}>{objectable.map((k) => <Checkbox key={k} size="xs" value={k} label={word(limitKinds, k)} description={limitExplained[k]} />)}</div>
      </Checkbox.Group>
    )
  }
  if (right === 'automated_decision') {
    const { contest } = draft
    const say = (part: Partial<Draft['contest']>) => set({ contest: { ...contest, ...part } })
    return (
      <div className={classes.turns}>
        <TextInput size="xs" label="Which decision" withAsterisk maxLength={500} value={contest.decision} onChange={(e) => say({ decision: e.currentTarget.value })} error={lacks === 'contest' && <span id="lacks">Say which decision a human is to look at.</span>} />
        <TextInput mt="xs" size="xs" label="When it was taken" maxLength={500} value={contest.taken} onChange={(e) => say({ taken: e.currentTarget.value })} />
        <Textarea mt="xs" size="xs" label="What it did" autosize minRows={1} maxRows={6} maxLength={4000} value={contest.effect} onChange={(e) => say({ effect: e.currentTarget.value })} />
        <Textarea mt="xs" size="xs" label="What the person thinks of it" autosize minRows={1} maxRows={6} maxLength={4000} value={contest.view} onChange={(e) => say({ view: e.currentTarget.value })} />
      </div>
    )
  }
  if (right === 'opt_out') {
    return (
      <Checkbox.Group className={classes.turns} label="What the opt-out is of" description="None ticked: of all of them." value={draft.optedOut} onChange={(optedOut) => set({ optedOut })}>
        <div className={classes.row}>{optable.map((k) => <Checkbox key={k} size="xs" value={k} label={word(limitKinds, k)} />)}</div>
      </Checkbox.Group>
    )
  }
  return null
}
