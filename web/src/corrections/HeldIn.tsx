import { identityKinds } from '../words/corrections'
import { plain } from '../words/words'
import classes from './corrections.module.css'
import { HeldValues } from './HeldValues'
import type { Corrections, Field, Holding } from './queries'

interface Props {
  request: string
  read: Corrections
  holding: Holding
  open: boolean
}

/** What one system says of the person, collection by collection. */
export function HeldIn({ request, read, holding, open }: Props) {
  const fields = (holding.fields ?? []).filter((f) => (f.present ?? []).length > 0 || f.more)
  const collections = [...new Set(fields.map(collectionOf))]
  return (
    <section className={classes.system} aria-label={holding.name}>
      <h3 className={classes.systemName}>{holding.name}</h3>
      {collections.length === 0 && <p className={classes.hint}>Nothing of the person was found here.</p>}
      {collections.map((collection) => (
        <table key={collection} className={classes.table}>
          <caption>{new Set(fields.map((f) => f.dataset)).size > 1 ? collection : collection.slice(collection.indexOf('.') + 1)}</caption>
          <thead><tr><th scope="col">Field</th><th scope="col">What the person’s rows say</th></tr></thead>
          <tbody>
            {inOrder(fields.filter((f) => collectionOf(f) === collection)).map((f) => (
              <tr key={f.field} className={classes.line}>
                <th scope="row"><code>{f.field}</code><About field={f} /></th>
                <td><HeldValues request={request} read={read} system={holding.system} systemName={holding.name} field={f} open={open} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </section>
  )
}

const collectionOf = (f: Field) => `${f.dataset}.${f.collection}`

/** What can be written first: keys and the like are seldom what is wrong. */
const inOrder = (fields: Field[]) => [...fields.filter((f) => !f.manual), ...fields.filter((f) => f.manual)]

/** Its category, and what keeps it from being corrected like the rest. */
function About({ field: f }: { field: Field }) {
  return (
    <>
      {(f.categories ?? []).length > 0 && <span className={classes.about}>{(f.categories ?? []).map((c) => c.replace(/^user\./, '').replaceAll(/[._]/g, ' ')).join(', ')}</span>}
      {f.identity === 'reference' && !f.manual && <span className={classes.about}>Other rows hang on it.</span>}
      {f.identity && f.identity !== 'reference' && <span className={classes.about}>The person is found by it: their {identityKinds[f.identity] ?? plain(f.identity).toLowerCase()}.</span>}
      {f.manual && <span className={classes.about}>Docket can’t write it: {f.manual}.</span>}
      {f.self_service && <span className={classes.about}>The person may correct it on their page.</span>}
    </>
  )
}
