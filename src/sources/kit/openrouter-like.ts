/** The factory for those who list in OpenRouter's shape: its own, or the flat one that it asks of whoever sells through it. */
import { classifyModalities, classifyMode } from '../../core/model/guess-mode.js'
import type { Mode } from '../../core/model/model.js'
import type { DesiredFields } from '../../core/model/model-fields.js'
import { capabilitiesOfModalities, dateOf, firstSaid, isRecord, limitOf, membersOf, saysNo } from './entry.js'
import { textOf, type Members } from './entry.js'
import { openaiCompatible, type OpenAICompatible } from './openai-compatible.js'
import { readOpenrouterHours } from './openrouter-hours.js'
import { readOpenrouterPrices } from './openrouter-prices.js'
import type { Source } from './source.js'
import { capabilitiesIn, listMedia, mediaOf } from './words.js'

const PARAMETERS = {
  tools: 'functionCalling',
  function_calling: 'functionCalling',
  parallel_tool_calls: 'parallelFunctionCalling',
  tool_choice: 'toolChoice',
  structured_outputs: 'structuredOutput',
  reasoning: 'reasoning',
  include_reasoning: 'reasoning',
} as const

const PRICES =
  'prompt completion request image image_output image_token audio audio_output input_audio_cache internal_reasoning ' +
  'input_cache_read input_cache_reads input_cache_write input_cache_writes input_cache_write_1h web_search duration_per_hour discount'
const KEEP = `
  id canonical_slug hugging_face_id name created description owned_by context_length max_output_length
  max_completion_tokens input_modalities output_modalities supported_features supported_sampling_parameters quantization
  is_ready deprecation_date architecture{modality input_modalities output_modalities tokenizer instruct_type}
  pricing{${PRICES} overrides{min_prompt_tokens utc_start utc_end utc_days prompt completion
  audio input_cache_read input_cache_write input_cache_write_1h}} top_provider{context_length max_completion_tokens is_moderated}
  per_request_limits{prompt_tokens completion_tokens} supported_parameters default_parameters{temperature top_p top_k
  frequency_penalty presence_penalty repetition_penalty} supported_voices knowledge_cutoff expiration_date
  reasoning{mandatory supported_efforts supports_max_tokens}
`

/** What one provider adds to the shape. */
export interface OpenrouterLike extends Omit<OpenAICompatible, 'fields' | 'members'> {
  /** Members beyond the shape. */
  keep?: string
  leave?: string
  /** Whether 0 for both input and output of a model of this mode says that it is free; default: of what is paid by tokens everywhere. */
  isFree?(mode: Mode | null): boolean
  /** The entry's prices without those that mean something else here; default: as they are. */
  pricing?(stated: Members): Members
  /** What the entry says otherwise than `own`, its reading by the shape; wins. A field that is `undefined` is left as it is. */
  refine?(entry: Members, id: string, own: DesiredFields): DesiredFields
}

/**
 * A source for either shape. `response_format` and `json_mode` are JSON mode, not a schema, so they say nothing of structured output.
 * @see https://openrouter.ai/docs/api-reference/list-available-models and https://openrouter.ai/docs/guides/community/for-providers (read 2026-11)
 */
export function openrouterLike(provider: OpenrouterLike): Source {
  const {
    keep = '',
    leave = '',
    isFree = isPaidByToken,
    pricing = (stated) => stated,
    refine = () => ({}),
    ...rest
  } = provider
  return openaiCompatible({
    withdrawn: (entry) => (saysNo(entry['is_ready']) ? 'not ready' : null),
    ...rest,
    members: { keep: `${KEEP} ${keep}`, leave: `object links benchmarks root parent permission ${leave}` },
    fields(entry, id) {
      const { mode, ...own } = readEntry(entry, id)
      const stated = pricing(membersOf(entry['pricing']))
      const { fields, warnings } = readOpenrouterPrices(id, stated, isFree(mode) ? 'free' : 'unknown')
      const { windows, warning } = readOpenrouterHours(stated, fields)
      if (warning !== null) warnings.push(warning)
      const refined = Object.entries(refine(entry, id, own)).filter(([, value]) => value !== undefined)
      return { fields: { ...own, mode, ...fields, priceWindows: windows, ...Object.fromEntries(refined) }, warnings }
    },
  })
}

/** Images, speech and transcripts are paid by something else, for which the shape may have no member. */
function isPaidByToken(mode: Mode | null): boolean {
  return mode === null || ['chat', 'completion', 'responses', 'embedding'].includes(mode)
}

function readEntry(entry: Members, id: string): DesiredFields & { mode: Mode | null } {
  const architecture = membersOf(entry['architecture'])
  const top = membersOf(entry['top_provider'])
  const stated = (member: string): unknown => firstSaid(architecture[member], entry[member])
  const inputModalities = listMedia(stated('input_modalities'))
  const outputModalities = listMedia(stated('output_modalities'))
  const slug = textOf(entry['canonical_slug'])
  return {
    name: textOf(entry['name']) ?? id,
    description: textOf(entry['description']),
    ownedBy: /^~?(?:@cf\/)?([^/]+)\//.exec(id)?.[1] ?? null,
    mode: modeOf(id, inputModalities, outputModalities),
    contextLength: limitOf(entry['context_length']),
    maxOutputTokens: limitOf(
      firstSaid(top['max_completion_tokens'], entry['max_output_length'], entry['max_completion_tokens']),
    ),
    inputModalities: mediaOf(stated('input_modalities')),
    outputModalities: mediaOf(stated('output_modalities')),
    capabilities: {
      ...capabilitiesOfModalities(inputModalities, outputModalities),
      // A file is a PDF here.
      ...(inputModalities.length === 0 ? {} : { pdfInput: inputModalities.includes('file') }),
      ...capabilitiesIn(entry['supported_parameters'], PARAMETERS),
      ...capabilitiesIn(entry['supported_features'], PARAMETERS),
      // How it reasons is said of a model that does.
      ...(isRecord(entry['reasoning']) ? { reasoning: true } : {}),
    },
    // A variant shares the slug of the model that it is made from, which then names neither.
    aliases: slug === null || slug === id || /^~|:/.test(id) ? [] : [slug],
    deprecationDate: dateOf(firstSaid(entry['expiration_date'], entry['deprecation_date'])),
  }
}

/** An embedding model is said to give text as well. */
function modeOf(id: string, input: readonly string[], output: readonly string[]): Mode | null {
  const named = classifyMode(id)
  if (output.length === 0 || named === 'embedding' || named === 'rerank') return named
  return classifyModalities(input, output)
}
