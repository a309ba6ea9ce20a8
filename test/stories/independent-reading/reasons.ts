/** Why a field differs from what an independent reader makes of it, by the recording's own member. */

export interface Reason {
  file: RegExp
  /** Of `<id> <field>: <the reader's value> ≠ <ours>`. */
  difference: RegExp
  /** What the recording says, and why the source takes it otherwise. */
  reason: string
}

export const REASONS: readonly Reason[] = [
  {
    file: /^bedrock\//,
    difference: / reasoning: false ≠ unknown$/,
    reason:
      '`"reasoningSupported": {"embedded": false}` stands at anthropic.claude-haiku-4-5 and openai.gpt-oss-120b, which reason: it denies one way to do it.',
  },
  {
    file: /^bedrock\//,
    difference: / promptCaching: false ≠ unknown$/,
    reason:
      '`"explicitPromptCaching": {"isSupported": false}` denies cache points in a request, and says nothing of a cache that needs none.',
  },
  {
    file: /^deepinfra\/.*openai-shape/,
    difference: / maxOutputTokens: \d+ ≠ unknown$/,
    reason:
      '`"max_tokens": 4096` beside `"context_length": 4096`: it repeats the context in every row, as `max_tokens` of /models/list is the context.',
  },
]
