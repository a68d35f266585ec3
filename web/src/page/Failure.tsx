import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

import { asProblem } from '../api/problem'
import classes from './page.module.css'

/** What went wrong, what was kept, what to do; with the rule where one refused. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = asProblem(error)
  return (
    <div role="alert" className={classes.failure}>
      <IconAlertTriangle size={18} aria-hidden className={classes.failureIcon} />
      <div>
        <p className={classes.failureText}>{problem.message}</p>
        {problem.faults.length > 0 && (
          <ul className={classes.faults}>
            {problem.faults.map((fault) => (
              <li key={`${fault.location ?? ''}${fault.message}`}>
                {fault.location && <code>{fault.location.replace(/^body\./, '')}</code>} {fault.message}
              </li>
            ))}
          </ul>
        )}
        {problem.citation && <p className={classes.citation}>The rule: {problem.citation}</p>}
        {retry && problem.status !== 403 && <Button variant="default" size="xs" mt={8} onClick={retry}>Try again</Button>}
      </div>
    </div>
  )
}
