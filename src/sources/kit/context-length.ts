/** The context that a serving engine states of a model: the one it was started with, not the one that the model was trained for. */
import { countOf, limitOf, membersOf, type Members } from './entry.js'

/**
 * Tokens: vLLM's and SGLang's `max_model_len`, a gateway's `context_length`, llama-swap's own metadata, llama.cpp's `meta.n_ctx`. Throws nothing.
 * @see https://github.com/ggml-org/llama.cpp/tree/master/tools/server and https://github.com/mostlygeek/llama-swap (read 2026-11)
 */
export function servedContext(entry: Members): number | null {
  const meta = membersOf(entry['meta'])
  const swap = membersOf(meta['llamaswap'])
  const stated = [
    ...['max_model_len', 'context_length', 'max_context_length', 'context_window'].map((name) => entry[name]),
    ...['context_length', 'context', 'max_context', 'max_context_length'].map((name) => swap[name]),
    meta['n_ctx'],
  ]
  return (
    stated.flatMap((value) => countOf(value) ?? [])[0] ?? stated.flatMap((value) => limitOf(value) ?? [])[0] ?? null
  )
}
