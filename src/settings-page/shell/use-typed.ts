/** A text that is typed into the address: shown at once, in the address when the typing pauses. */
import { useEffect, useState } from 'react'
import { changeQuery, usePlace } from './router.js'

/** Milliseconds without a key press. */
const PAUSE = 200

/** @returns the text as typed, and how to set it */
export function useTyped(name: string): [text: string, setText: (text: string) => void] {
  const value = usePlace().query.get(name) ?? ''
  const [text, setText] = useState(value)
  const [before, setBefore] = useState(value)
  // The address changed by other means: a link, "Back", a button that clears it.
  if (value !== before) {
    setBefore(value)
    setText(value)
  }
  useEffect(() => {
    if (text === value) return
    const timer = window.setTimeout(() => changeQuery({ [name]: text }), PAUSE)
    return () => window.clearTimeout(timer)
  }, [text, value, name])
  return [text, setText]
}
