import { open, type Inquiry } from './queries'

/** What can be done about an inquiry of a request in a state, by somebody who may do what `may` says. */
export function possible(i: Inquiry, state: string, may: (operation: string) => boolean) {
  const waits = i.awaited && state !== 'closed', running = open(i)
  const unsettled = i.state !== 'open' && i.outcome !== 'done'
  const letter = waits && i.state === 'asked' && i.channel === 'email'
  const erases = i.awaited && i.purpose === 'erase' // the word for it is an officer's
  return {
    answer: running && may('answer-inquiry') && (!erases || may('go-on-without')),
    again: may('repeat-inquiry') && (letter || (!i.awaited && unsettled)),
    anew: may('repeat-inquiry') && letter,
    goOn: erases && state === 'executing' && (running || i.outcome === 'refused') && may('go-on-without'),
    close: running && !waits && may('close-inquiry'),
  }
}
