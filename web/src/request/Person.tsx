import { useQuery } from '@tanstack/react-query'

import { asProblem } from '../api/problem'
import { Facts } from '../page/Facts'
import { Failure } from '../page/Failure'
import { Panel } from '../page/Panel'
import { Waiting } from '../page/Waiting'
import { useMay } from '../session/session'
import { personQuery } from './queries'
import { Recorded } from './Recorded'
import classes from './request.module.css'

/** Who asks, and in which words. */
export function Person({ id }: { id: string }) {
  const may = useMay()
  if (!may('get-request-person')) return null
  return (
    <Panel title="Person">
      <Recorded id={id} kind="person" button="Show the person" what="That you looked is recorded, and what you copy.">{() => <Shown id={id} />}</Recorded>
    </Panel>
  )
}

function Shown({ id }: { id: string }) {
  const person = useQuery(personQuery(id))
  if (person.error) {
    if (asProblem(person.error).status === 410) return <p className="dim">The personal data was destroyed on schedule.</p>
    return <Failure error={person.error} retry={() => void person.refetch()} />
  }
  if (!person.data) return <Waiting lines={3} height={30} />
  const { name, email, phone, customer_id: customer, details, representative } = person.data
  return (
    <>
      <Facts facts={[['Name', name], ['E-mail', email], ['Telephone', phone], ['Customer', customer]]} />
      {details && <blockquote className={classes.words}>{details}</blockquote>}
      {representative && (
        <>
          <h3 className={classes.sub}>Represented by</h3>
          <Facts facts={[['Name', representative.name], ['E-mail', representative.email], ['Standing', representative.standing]]} />
          <p className="dim" style={{ margin: 0, fontSize: 12 }}>Why they may act, in their own words; what shows it is among the documents. Letters go to the person all the same.</p>
        </>
      )}
    </>
  )
}
