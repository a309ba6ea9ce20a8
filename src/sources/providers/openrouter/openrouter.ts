/** OpenRouter: its public list of models, of every output, with prices and tiers. */
import { classifyModalities } from '../../../core/model/guess-mode.js'
import { capabilitiesOfModalities, dateOf, isRecord, limitOf, membersOf, textOf } from '../../kit/entry.js'
import { capabilitiesIn, listMedia, mediaOf } from '../../kit/words.js'
import { belowTotal } from '../../kit/paging.js'
import { entriesIn } from '../../kit/listing.js'
import { openaiCompatible } from '../../kit/openai-compatible.js'
import { readOpenrouterPrices } from './prices.js'
import type { Source } from '../../kit/source.js'

const PARAMETERS = {
  tools: 'functionCalling',
  parallel_tool_calls: 'parallelFunctionCalling',
  tool_choice: 'toolChoice',
  structured_outputs: 'structuredOutput',
  reasoning: 'reasoning',
  include_reasoning: 'reasoning',
} as const

/**
 * Without `output_modalities=all` only models that give text are listed. Variants (`:free`, `:thinking`) and aliases (`~vendor/…-latest`) are
 * models of their own, their ids verbatim. `response_format` is JSON mode, not a schema, so it says nothing of structured output.
 * @see https://openrouter.ai/docs/api-reference/list-available-models (read 2026-11)
 */
export const openrouter = openaiCompatible({
  slug: 'openrouter',
  name: 'OpenRouter',
  description: 'One API for the models of many vendors, with their prices.',
  homepage: 'https://openrouter.ai',
  version: 2,
  baseUrl: 'https://openrouter.ai',
  path: '/api/v1/models?output_modalities=all',
  entries: entriesIn('data', ''),
  next(body) {
    const url = textOf(membersOf(membersOf(body)['links'])['next'])
    return url === null ? null : { url }
  },
  missing: belowTotal('total_count'),
  volatile: ['benchmarks'],
  chat: { path: '/api/v1/chat/completions' },
  key: { variables: ['OPENROUTER_API_KEY'], required: false },
  members: {
    keep: `
      id canonical_slug hugging_face_id name created description context_length architecture{modality input_modalities
      output_modalities tokenizer instruct_type} pricing{prompt completion request image image_output image_token audio
      audio_output input_audio_cache internal_reasoning input_cache_read input_cache_write input_cache_write_1h
      web_search discount overrides{min_prompt_tokens prompt completion input_cache_read input_cache_write
      input_cache_write_1h}} top_provider{context_length max_completion_tokens is_moderated}
      per_request_limits{prompt_tokens completion_tokens} supported_parameters default_parameters{temperature top_p
      top_k frequency_penalty presence_penalty repetition_penalty} supported_voices knowledge_cutoff expiration_date
      reasoning{mandatory supported_efforts supports_max_tokens}
    `,
    leave: 'benchmarks links',
  },
  fields(entry, id) {
    const architecture = membersOf(entry['architecture'])
    const inputModalities = listMedia(architecture['input_modalities'])
    const outputModalities = listMedia(architecture['output_modalities'])
    const slug = textOf(entry['canonical_slug'])
    const { fields, warnings } = readOpenrouterPrices(id, entry['pricing'])
    const own = {
      name: textOf(entry['name']) ?? id,
      description: textOf(entry['description']),
      ownedBy: /^~?([^/]+)\//.exec(id)?.[1] ?? null,
      mode: classifyModalities(inputModalities, outputModalities),
      contextLength: limitOf(entry['context_length']),
      maxOutputTokens: limitOf(membersOf(entry['top_provider'])['max_completion_tokens']),
      // A variant shares the slug of the model that it is made from, which then names neither.
      aliases: slug === null || slug === id || /^~|:/.test(id) ? [] : [slug],
      deprecationDate: dateOf(entry['expiration_date']),
    }
    const capabilities = {
      ...capabilitiesOfModalities(inputModalities, outputModalities),
      // A file is a PDF here.
      ...(inputModalities.length === 0 ? {} : { pdfInput: inputModalities.includes('file') }),
      ...capabilitiesIn(entry['supported_parameters'], PARAMETERS),
      // How it reasons is said of a model that does.
      ...(isRecord(entry['reasoning']) ? { reasoning: true } : {}),
    }
    return {
      fields: {
        ...own,
        inputModalities: mediaOf(architecture['input_modalities']),
        outputModalities: mediaOf(architecture['output_modalities']),
        capabilities,
        ...fields,
      },
      warnings,
    }
  },
}) satisfies Source
