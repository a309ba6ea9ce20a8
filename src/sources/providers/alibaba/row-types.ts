/** What Alibaba's types of price rows stand for, of which one model states several for the same: text in, pictures in, thinking. */

/** The types that are the price of a plain token of text, the first that a range has. */
const PLAIN: readonly (readonly [kind: string, types: readonly string[]])[] = [
  [
    'input',
    [
      ...['input_token', 'text_input_token', 'embedding_token', 'omni_no_audio_input_token', 'vision_input_token'],
      ...['thinking_input_token', 'thinking_text_input_token', 'thinking_vision_input_token'],
    ],
  ],
  [
    'output',
    [
      ...['output_token', 'purein_text_output_token', 'omni_no_audio_output_token', 'multiin_text_output_token'],
      ...['thinking_output_token', 'thinking_purein_text_output_token', 'thinking_multiin_text_output_token'],
    ],
  ],
  [
    'cache_read',
    [
      ...['input_token_cache', 'text_input_token_cache', 'input_token_cache_read'],
      ...['thinking_input_token_cache', 'thinking_input_token_cache_read'],
    ],
  ],
  ['cache_write', ['input_token_cache_creation_5m', 'thinking_input_token_cache_creation_5m']],
]

/** The others by the words that the whole catalogue has for them; a type that is not here keeps its name. */
const KINDS: Readonly<Record<string, string>> = {
  text_input_token: 'input_text',
  vision_input_token: 'input_image',
  audio_input_token: 'input_audio',
  omni_audio_input_token: 'input_audio',
  embedding_image_token: 'input_image',
  purein_text_output_token: 'output_text',
  multiin_text_output_token: 'output_text_multimodal',
  multi_output_token: 'output_audio',
  omni_audio_output_token: 'output_audio',
  // Where a cache is asked for, beside the one that is always there.
  input_token_cache_read: 'explicit_cache_read',
  input_token_cache_creation_5m: 'cache_write',
  vision_input_token_cache: 'cache_read_image',
  audio_input_token_cache: 'cache_read_audio',
  input_token: 'input',
  output_token: 'output',
  embedding_token: 'input',
  input_token_cache: 'cache_read',
  image_number: 'output_image',
  image_standard: 'output_image',
  image_thinking: 'output_image_thinking',
}

/** The rows of one range by their kind; of two of one kind the first. Throws nothing. */
export function kindsOf<Row extends { type: string; unit: string }>(rows: readonly Row[]): [kind: string, row: Row][] {
  const plain = new Map(
    PLAIN.flatMap(([kind, types]) => {
      const row = types.flatMap((type) => rows.find((one) => one.type === type && one.unit === 'token') ?? [])[0]
      return row === undefined ? [] : [[row, kind] as const]
    }),
  )
  const kinds = new Map<string, [string, Row]>()
  for (const row of rows) {
    const kind = plain.get(row) ?? kindOf(row.type)
    const key = `${kind} ${row.unit}`
    if (!kinds.has(key) || plain.has(row)) kinds.set(key, [kind, row])
  }
  return [...kinds.values()]
}

function kindOf(type: string): string {
  const [, thinking = '', core = type, batch = ''] = /^(thinking_)?(.+?)(_batch)?$/.exec(type) ?? []
  const kind = Object.hasOwn(KINDS, core) ? KINDS[core]! : core
  return `${kind}${thinking === '' ? '' : '_thinking'}${batch === '' ? '' : '_batches'}`
}
