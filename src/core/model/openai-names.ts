/** What the names of OpenAI's models tell: at OpenAI, whose list tells nothing else, and at Azure, whose flags call all of them chat models. */
import type { Mode } from './model.js'

const FAMILY = /^(?:gpt-|chatgpt-|chat-latest|o\d|codex-|computer-use-)/
/** Sessions, not requests. */
const REALTIME = /-(?:realtime|live)(?:-|$)/
const RESPONSES_ONLY = /codex|computer-use|deep-research|^[^:]*-pro(?:-|:|$)/

/**
 * Of a model that gives text or talks; audio models (`gpt-audio`, `gpt-4o-audio-preview`) answer chat completions. The base of a fine-tune counts
 * (`ft:gpt-4o:acme::id`). Throws nothing.
 * @returns `null` for a family that is not known
 */
export function modeOfOpenaiName(id: string): Mode | null {
  const name = id.replace(/^ft:/, '')
  if (!FAMILY.test(name)) return null
  if (REALTIME.test(name)) return 'realtime'
  return RESPONSES_ONLY.test(name) ? 'responses' : 'chat'
}
