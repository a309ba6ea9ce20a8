/** One row of LiteLLM's /model/info: what it says of a model. */
import type { Mode } from '../../../core/model/model.js'
import type { Capabilities, DesiredFields } from '../../../core/model/model-fields.js'
import { LITELLM_FLAGS } from '../../../core/model/litellm-members.js'
import { MODES } from '../../../core/model/model.js'
import { quoteValue, quoteWord } from '../../../core/input/quote-value.js'
import {
  dateOf,
  flagOf,
  isRecord,
  isUnsaid,
  limitOf,
  type Members,
  membersOf,
  countOf,
  modeIn,
  textOf,
} from '../../kit/entry.js'
import { mediaOf } from '../../kit/words.js'
import { readAccess } from './access.js'
import { readOffPeak } from './off-peak.js'
import { readPrices } from './prices.js'

const MODE_NAMES: ReadonlyMap<string, Mode> = new Map<string, Mode>([
  ...MODES.map((mode) => [mode, mode] as const),
  ['moderations', 'moderation'],
  ['embeddings', 'embedding'],
])

/** What each mode takes and gives at the least, where that is certain; what a flag adds stands in `readModalities`. */
const MODALITIES: Readonly<Record<string, readonly [input: readonly string[], output: readonly string[]]>> = {
  chat: [['text'], ['text']],
  completion: [['text'], ['text']],
  responses: [['text'], ['text']],
  embedding: [['text'], []],
  image_generation: [['text'], ['image']],
  video_generation: [['text'], ['video']],
  audio_transcription: [['audio'], ['text']],
  audio_speech: [['text'], ['audio']],
  moderation: [['text'], []],
  rerank: [['text'], []],
  realtime: [
    ['audio', 'text'],
    ['audio', 'text'],
  ],
  image_edit: [['image', 'text'], ['image']],
  search: [['text'], ['text']],
}

/** The models that an `auto_router/…` chooses among are listed beside it. */
function isRouterName(model: string): boolean {
  return model.startsWith('auto_router/')
}

/**
 * What one deployment says. `supported_openai_params` is not read: it lists what LiteLLM lets through for the provider, not what the model can
 * do. Fields that LiteLLM never states (creation, aliases) are left out, and those that a row need not state. Throws nothing.
 * @returns `null` for a row that is no object with a name
 */
export function readRow(entry: unknown): { fields: DesiredFields; warnings: string[] } | null {
  const name = nameOf(entry)
  if (name === null || !isRecord(entry)) return null
  const stated = { info: membersOf(entry['model_info']), params: membersOf(entry['litellm_params']) }
  const isRouter = isRouterName(textOf(stated.params['model']) ?? '') || isRouterName(name)
  // A router picks among other models, and has no owner, price or limit of its own.
  const { info, params } = isRouter ? { info: {}, params: {} } : stated
  const warnings: string[] = []
  const mode = isRouter ? 'router' : readMode(info['mode'], warnings)
  const capabilities = readCapabilities(info, warnings)
  const [inputModalities, outputModalities] = readModalities(info, mode, warnings)
  return {
    fields: {
      name,
      description: textOf(stated.info['description']),
      ownedBy: readOwner(info, params),
      mode,
      ...readLimits(info, warnings),
      inputModalities,
      outputModalities,
      capabilities,
      ...readPrices(info, params, warnings),
      priceWindows: readOffPeak(info, params, warnings),
      deployments: 1,
      ...readRates(stated.info, stated.params, warnings),
      ...readAccess(stated.info),
      // Only what an operator has set: /model/deprecations knows all of them.
      deprecationDate: dateOf(info['deprecation_date']) ?? undefined,
      replacedBy: textOf(info['successor_model']) ?? undefined,
    },
    warnings,
  }
}

/**
 * The name under which clients call the deployment. A team's own row may bear the internal `model_name_<team>_<uuid>`; newer versions of LiteLLM
 * answer with its public name in that place, so we take that too. `null` when there is none.
 */
export function nameOf(entry: unknown): string | null {
  if (!isRecord(entry)) return null
  const name = textOf(entry['model_name'])
  const info = membersOf(entry['model_info'])
  const team = textOf(info['team_id'])
  const publicName = textOf(info['team_public_model_name'])
  return team !== null && publicName !== null && name?.startsWith(`model_name_${team}_`) === true ? publicName : name
}

/** `model_name_<team>_<uuid>`, which older proxies, and those with `use_team_public_model_name: false`, list in the place of the public name. */
export function isInternalName(name: string): boolean {
  return /^model_name_.+_[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name)
}

function readLimits(info: Members, warnings: string[]): Pick<DesiredFields, 'contextLength' | 'maxOutputTokens'> {
  // What LiteMaaS writes, and configurations from before there were two limits: the whole context.
  const isOld = isUnsaid(info['max_input_tokens']) && isUnsaid(info['max_output_tokens'])
  return {
    contextLength: readLimit(info, isOld ? 'max_tokens' : 'max_input_tokens', warnings),
    maxOutputTokens: readLimit(info, 'max_output_tokens', warnings),
  }
}

/** What /v1/models says beside a name; older versions say nothing, and what is not said has no field. Throws nothing. */
export function readName(id: string, entry: unknown): { fields: DesiredFields; warnings?: string[] } {
  if (isRouterName(id)) return { fields: { mode: 'router' } }
  const stated = membersOf(entry)
  const warnings: string[] = []
  const mode = readMode(stated['mode'], warnings)
  const [context, output] = [countOf(stated['max_input_tokens']), countOf(stated['max_output_tokens'])]
  const fields = {
    ...(mode === null ? {} : { mode }),
    ...(context === null ? {} : { contextLength: context }),
    ...(output === null ? {} : { maxOutputTokens: output }),
  }
  return { fields, ...(warnings.length === 0 ? {} : { warnings }) }
}

/** `null` also for 0, which no model can have: with a warning, since LiteLLM writes `null` where it does not know a limit. */
function readLimit(info: Members, member: string, warnings: string[]): number | null {
  const value = info[member]
  const limit = limitOf(value)
  if (limit === null && value === 0) warnings.push(`${member}: 0 is no limit; kept as unknown`)
  return limit
}

/** What an operator has set, which LiteLLM repeats in one place or the other. */
function readRates(info: Members, params: Members, warnings: string[]): Pick<DesiredFields, 'rpm' | 'tpm'> {
  const read = (member: string): number | null => readLimit(isUnsaid(info[member]) ? params : info, member, warnings)
  return { rpm: read('rpm'), tpm: read('tpm') }
}

/** Two deployments may state two: what is no text cannot be compared. */
function readMode(value: unknown, warnings: string[]): Mode | null {
  const mode: unknown = modeIn(MODE_NAMES, value)
  if (mode === null || typeof mode === 'string') return mode
  warnings.push(`mode: ${quoteValue(value)} is no text; kept as unknown`)
  return null
}

function readCapabilities(info: Members, warnings: string[]): Capabilities {
  const capabilities: Capabilities = {}
  for (const [member, capability] of LITELLM_FLAGS) {
    const said: unknown = flagOf(info[member])
    if (typeof said === 'boolean') capabilities[capability] = said || capabilities[capability] === true
    else if (said !== null) warnings.push(`${member}: what it states is neither true nor false; kept as unknown`)
  }
  return capabilities
}

// What upstream lists, else what the mode takes and gives at the least and a flag adds. Without either it is unknown.
function readModalities(info: Members, mode: Mode | null, warnings: string[]): [input: string[], output: string[]] {
  const known = typeof mode === 'string' ? MODALITIES[mode] : undefined
  const [input, output] = known ?? [[], []]
  const added = (flag: string, modality: string): string[] =>
    known !== undefined && flagOf(info[flag]) === true ? [modality] : []
  const taken = [
    ...input,
    ...added(mode === 'embedding' ? 'supports_embedding_image_input' : 'supports_vision', 'image'),
    ...added('supports_audio_input', 'audio'),
    ...added('supports_video_input', 'video'),
    ...added('supports_pdf_input', 'file'),
  ]
  const given = [...output, ...added('supports_audio_output', 'audio')]
  return [
    sorted(readMedia(info, 'supported_modalities', warnings) ?? taken),
    sorted(readMedia(info, 'supported_output_modalities', warnings) ?? given),
  ]
}

function readOwner(info: Members, params: Members): string | null {
  const model = textOf(params['model'])
  const prefix = model?.includes('/') === true ? model.slice(0, model.indexOf('/')) : null
  const owners = [info['litellm_provider'], params['custom_llm_provider'], prefix]
  // An address may stand where a provider belongs; it is nobody's name.
  return owners.find((owner): owner is string => typeof owner === 'string' && /^[\w.-]{1,64}$/.test(owner)) ?? null
}

/** The words for what goes in and out. Any other is an operator's own text, which nobody has meant for everybody. */
const MEDIA: ReadonlyMap<string, string> = new Map([
  ...['text', 'image', 'audio', 'video', 'file', 'code', 'embedding', '3d'].map((word) => [word, word] as const),
  ['texts', 'text'],
  ['images', 'image'],
  ['videos', 'video'],
  ['speech', 'audio'],
  ['files', 'file'],
  ['pdf', 'file'],
  ['document', 'file'],
  ['documents', 'file'],
  ['embeddings', 'embedding'],
])

/** `null` where nothing is listed, or nothing that can be read. */
function readMedia(info: Members, member: string, warnings: string[]): string[] | null {
  const set: unknown = mediaOf(info[member])
  const words: string[] = []
  for (const found of Array.isArray(set) ? (set as unknown[]) : [set]) {
    const word = typeof found === 'string' ? MEDIA.get(found) : undefined
    if (word !== undefined) words.push(word)
    else warnings.push(`${member}: ${quoteWord(found)} is not a modality; left out`)
  }
  return words.length === 0 ? null : words
}

function sorted(words: readonly string[]): string[] {
  return [...new Set(words)].sort()
}
