import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, defaultHighlightStyle, foldGutter, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'

import { nonce } from '../nonce'
import type { LineFault } from './lines'
import { highlight, look } from './editorLook'

interface Props {
  label: string
  value: string
  onChange?: (text: string) => void
  faults: LineFault[]
  /** Where to go; each new value goes there once. */
  at?: { line: number }
}

/** An editor of YAML that shows each fault at its line. Escape, then Tab, leaves it. */
export function YamlEditor({ label, value, onChange, faults, at }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const change = useRef(onChange)
  const first = useRef(value)
  useEffect(() => { change.current = onChange })
  useEffect(() => {
    if (!place.current) return
    const editor = new EditorView({ parent: place.current, state: EditorState.create({ doc: first.current, extensions: extensions(label, change) }) })
    editor.scrollDOM.tabIndex = 0 // so that the keyboard can scroll what may not be written
    view.current = editor
    return () => editor.destroy()
  }, [label])
  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const last = editor.state.doc.lines
    editor.dispatch(setDiagnostics(editor.state, faults.map((f) => {
      const line = editor.state.doc.line(Math.min(f.line, last))
      return { from: line.from, to: line.to, severity: f.severity ?? 'error', message: f.message }
    })))
  }, [faults])
  useEffect(() => {
    const editor = view.current
    if (!editor || !at) return
    const { from } = editor.state.doc.line(Math.min(at.line, editor.state.doc.lines))
    editor.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
    editor.focus()
  }, [at])
  return <div ref={place} />
}

function extensions(label: string, change: React.RefObject<((text: string) => void) | undefined>) {
  const fixed = !change.current
  return [
    EditorView.cspNonce.of(nonce()),
    EditorView.contentAttributes.of({ 'aria-label': label }),
    EditorState.readOnly.of(fixed), EditorView.editable.of(!fixed),
    lineNumbers(), foldGutter(), history(), indentOnInput(), bracketMatching(), highlightActiveLine(), lintGutter(), yaml(),
    syntaxHighlighting(highlight), syntaxHighlighting(defaultHighlightStyle, { fallback: true }), look,
    keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
    EditorView.updateListener.of((update) => { if (update.docChanged) change.current?.(update.state.doc.toString()) }),
  ]
}
