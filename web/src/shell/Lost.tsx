import { useEffect, useState } from 'react'

import { useConnection } from './live'
import classes from './Shell.module.css'

/** A restart or a change of network is over before anybody needs to know of it. */
const patience = 4000

/** Says quietly that what is shown may be old, while the stream of events is away. */
export function Lost() {
  const lost = useConnection() === 'lost'
  const [long, setLong] = useState(false)
  if (!lost && long) setLong(false)
  useEffect(() => {
    if (!lost) return
    const timer = setTimeout(() => setLong(true), patience)
    return () => clearTimeout(timer)
  }, [lost])
  return <div role="status" className={classes.lost}>{lost && long && <p>The server can’t be reached. What you see may be old; it is read again as soon as the connection is back.</p>}</div>
}
