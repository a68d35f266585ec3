import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'

import type { Schemas } from '../api/client'
import { Due } from '../time/Due'
import { rights } from '../words/cases'
import { word } from '../words/words'
import classes from './requests.module.css'
import { standing } from './RequestTable'

/** The list beside an opened request. */
export function RequestStrip({ rows, opened }: { rows: Schemas['RequestLine'][]; opened: string }) {
  const list = useRef<HTMLUListElement>(null)
  // Whoever comes by an address sees where in the list they are.
  useEffect(() => { list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' }) }, [opened])
  return (
    <ul ref={list} className={classes.stripList}>
      {rows.map((r) => (
        <li key={r.id}>
          <Link to="/requests/$id" params={{ id: r.id }} search={true} className={classes.stripRow} aria-current={r.id === opened ? 'page' : undefined} data-row resetScroll={false}>
            <span className={classes.stripLine}><span className="reference">{r.reference}</span>{r.next_due ? <Due due={r.next_due} /> : <span className="dim">{standing(r)}</span>}</span>
            <span className={classes.stripLine}><span className="dim">{word(rights, r.right)}</span><span className="dim">{r.next_due ? standing(r) : ''}</span></span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
