/** What the names of OpenAI's models tell: at OpenAI, whose list tells nothing else, and at Azure, whose flags call all of them chat models. */
import type { Mode } from './model.js'

const FAMILY = /^(?:gpt-|chatgpt-|chat-latest|o\d|codex-|computer-use-)/
/** Sessions, not requests. */
const LIVE = /-(?:realtime|live)(?:-|$)/
const RESPONSES_ONLY = /codex|computer-use|deep-research|^[^:]*-pro(?:-|:|$)/

/**
 * Of a model that gives text; audio models (`gpt-audio`, `gpt-4o-audio-preview`) answer chat completions. The base of a fine-tune counts
 * (`ft:gpt-4o:acme::id`). Throws nothing.
 * @returns `null` for a live session, and for a family that is not known
 */
export function modeOfOpenaiName(id: string): Mode | null {
  const name = id.replace(/^ft:/, '')
  if (!FAMILY.test(name) || LIVE.test(name)) return null
  return RESPONSES_ONLY.test(name) ? 'responses' : 'chat'
}
