/** Reads a mode from the name of an OpenAI model. OpenAI's list has nothing else, and Azure's flags call every model a chat model. */
import type { Mode } from './model.js'

const FAMILY = /^(?:gpt-|chatgpt-|chat-latest|o\d|codex-|computer-use-)/
/** Sessions, not requests. */
const REALTIME = /-(?:realtime|live)(?:-|$)/
const RESPONSES_ONLY = /codex|computer-use|deep-research|^[^:]*-pro(?:-|:|$)/

/**
 * The mode of a text or audio model. Audio models (`gpt-audio`, `gpt-4o-audio-preview`) answer chat completions. A fine-tune has the mode of its
 * base model (`ft:gpt-4o:acme::id`). Throws nothing.
 * @returns `null` for a family that is not known
 */
export function modeOfOpenaiName(id: string): Mode | null {
  const name = id.replace(/^ft:/, '')
  if (!FAMILY.test(name)) return null
  if (REALTIME.test(name)) return 'realtime'
  return RESPONSES_ONLY.test(name) ? 'responses' : 'chat'
}
