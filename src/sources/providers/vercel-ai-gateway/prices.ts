/** Vercel's prices: USD per token, with tiers by the length of the prompt, service tiers and regions, and prices of pictures, seconds and characters. */
import type { Mode } from '../../../core/model/model.js'
import { toCostPerToken, toDecimal } from '../../../core/model/price.js'
import { tierPrices } from '../../kit/price-tiers.js'
import { readPrices, type PriceFields, type RawPrice } from '../../kit/prices.js'
import { countOf, isRecord, isUnsaid, membersOf, recordsOf, saysNo, saysYes, type Members } from '../../kit/entry.js'

const TOKENS = [
  ['input', 'input'],
  ['output', 'output'],
  ['input_cache_read', 'cache_read'],
  ['input_cache_write', 'cache_write'],
] as const
const UNITS: readonly (readonly [member: string, kind: string, unit: string])[] = [
  ['image', 'output_image', 'image'],
  ['audio_input_token_cost', 'input_audio', 'token'],
  ['audio_output_token_cost', 'output_audio', 'token'],
  ['speech_input_character_cost', 'input', 'character'],
  ['transcription_duration_cost_per_second', 'input_audio', 'second'],
  ['realtime_session_duration_cost_per_second', 'session', 'second'],
  ['realtime_client_message_cost', 'client_message', 'message'],
]
/** USD: stands in the place of a token price where there is none. */
const PLACEHOLDER = '0.0000000001'
/** The first voices, of which older entries state the price of a character as `input`. */
const BY_CHARACTER = /(?:^|\/)tts-1(?:-hd)?(?:$|-)/

/**
 * The prices of an entry. One is that of the cheapest route where it varies by provider. `input` is no token price where characters or seconds are
 * paid, which the entry then states by name. A price that holds for one service tier, region, resolution or style bears it in its kind:
 * `input_priority`, `output_video_1080p_audio`. What `web_search` counts is not documented, so it is not kept.
 */
export function readVercelPrices(
  id: string,
  mode: Mode | null,
  value: unknown,
): { fields: PriceFields; warnings: string[] } {
  const pricing = membersOf(value)
  const isByCharacter = mode === 'audio_speech' && BY_CHARACTER.test(id)
  const paysOtherwise =
    isByCharacter ||
    !isUnsaid(pricing['speech_input_character_cost']) ||
    !isUnsaid(pricing['transcription_duration_cost_per_second'])
  return readPrices('usd-per-token', {
    input: paysOtherwise ? null : unlessPlaceholder(pricing['input']),
    output: unlessPlaceholder(pricing['output']),
    cacheRead: pricing['input_cache_read'],
    cacheWrite: pricing['input_cache_write'],
    other: [
      ...UNITS.map(([member, kind, unit]) => ({ kind, unit, raw: pricing[member] })),
      ...(isByCharacter && isUnsaid(pricing['speech_input_character_cost'])
        ? [{ kind: 'input', unit: 'character', raw: pricing['input'] }]
        : []),
      ...lengthTiers(pricing, ''),
      ...conditions(pricing),
      ...media(pricing),
    ],
  })
}

function unlessPlaceholder(price: unknown): unknown {
  return toDecimal(price) === PLACEHOLDER ? null : price
}

// From `min` tokens of the prompt on, below `max`; the first tier is the base price once more.
function lengthTiers(pricing: Members, condition: string): RawPrice[] {
  return TOKENS.flatMap(([member, kind]) =>
    recordsOf(pricing[`${member}_tiers`]).flatMap(({ min, max, cost }) => tierPrices(min, max, { [kind]: cost })),
  ).map((price) => ({ ...price, kind: `${price.kind}${condition}` }))
}

/** What another service tier, `fast`, or a region costs, each with tiers of its own. */
function conditions(pricing: Members): RawPrice[] {
  const named = [
    ...(isRecord(pricing['fast']) ? [['fast', pricing['fast']] as const] : []),
    ...Object.entries(membersOf(pricing['service_tiers'])),
    ...Object.entries(membersOf(pricing['regional'])),
  ]
  return named.flatMap(([name, stated]) => underCondition(name, membersOf(stated)))
}

function underCondition(name: string, stated: Members): RawPrice[] {
  const long = membersOf(stated['long_context'])
  // More than that many tokens.
  const from = countOf(long['threshold'])
  const raw = Object.fromEntries(TOKENS.map(([member, kind]) => [kind, long[member]]))
  const beyond = from === null ? [] : tierPrices(from + 1, null, raw)
  return [
    ...TOKENS.map(([member, kind]) => ({ kind: `${kind}_${name}`, unit: 'token', raw: stated[member] })),
    ...lengthTiers(stated, `_${name}`),
    ...beyond.map((price) => ({ ...price, kind: `${price.kind}_${name}` })),
    ...(isRecord(stated['fast']) ? underCondition(`${name}_fast`, stated['fast']) : []),
  ]
}

/** Of pictures and videos: a price for each size, quality, resolution, with or without sound. */
function media(pricing: Members): RawPrice[] {
  const videoTokens = Object.entries(membersOf(pricing['video_token_pricing'])).filter(([, stated]) => isRecord(stated))
  return [
    ...recordsOf(pricing['image_dimension_quality_pricing']).map((row) => ({
      kind: named('output_image', [row['operation'], row['size'], row['quality'], row['style']]),
      unit: 'image',
      raw: row['cost'],
    })),
    ...recordsOf(pricing['video_duration_pricing']).map((row) => ({
      kind: named('output_video', [
        row['resolution'],
        row['mode'],
        saysYes(row['audio']) ? 'audio' : saysNo(row['audio']) ? 'no_audio' : null,
        saysYes(row['voice_control']) ? 'voice_control' : null,
      ]),
      unit: 'second',
      raw: row['cost_per_second'],
    })),
    ...videoTokens.map(([name, stated]) => {
      const raw = membersOf(stated)['cost_per_million_tokens']
      return { kind: `output_video_${name}`, unit: 'token', raw: toCostPerToken(raw, 'usd-per-million') ?? raw }
    }),
  ]
}

/** `output_image_1024x1024_hd`: words of upstream's, short and without blanks. */
function named(kind: string, words: readonly unknown[]): string {
  const said = words.filter((word) => typeof word === 'string' && word !== '') as string[]
  return [kind, ...said.map((word) => word.toLowerCase().replace(/[^a-z\d.]+/g, '_'))].join('_').slice(0, 100)
}
