/** What a reader that shares nothing with the sources says of one entry of a recording. */

/** A member that stands in every reading; what a recording does not state is `null` or empty. */
export interface Reading {
  id: string
  name: string
  description: string | null
  ownedBy: string | null
  mode: string | null
  /** Tokens, both. */
  contextLength: number | null
  maxOutputTokens: number | null
  inputModalities: string[]
  outputModalities: string[]
  capabilities: Record<string, boolean>
  /** USD per token, all four. */
  input: string | null
  output: string | null
  cacheRead: string | null
  cacheWrite: string | null
  /** Amounts by `kind per unit`. */
  others: Record<string, string>
  aliases: string[]
  /** ISO 8601, UTC. */
  createdAt: string | null
  /** ISO date. */
  deprecationDate: string | null
  replacedBy: string | null
}

/** A raw entry; each reader knows the members of its provider. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Raw = any

/** @param stated what is known beyond the id */
export function readingOf(id: string, stated: Partial<Reading>): Reading {
  return {
    ...{ id, name: id, description: null, ownedBy: null, mode: null, contextLength: null, maxOutputTokens: null },
    ...{ inputModalities: [], outputModalities: [], capabilities: {} },
    ...{ input: null, output: null, cacheRead: null, cacheWrite: null, others: {} },
    ...{ aliases: [], createdAt: null, deprecationDate: null, replacedBy: null },
    ...stated,
  }
}

/** `raw` divided by ten to the `power`, digit by digit; `null` where nothing is stated or the number is negative. */
export function divide(raw: string | number | null | undefined, power: number): string | null {
  if (raw === null || raw === undefined || raw === '') return null
  const text = typeof raw === 'number' ? raw.toPrecision(15) : raw
  const [all, whole = '', fraction = '', exponent = '0'] = /^(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? []
  if (all === undefined) return null
  const places = fraction.length - Number(exponent) + power
  const digits = (whole + fraction).padStart(Math.max(places, 0) + 1, '0') + '0'.repeat(Math.max(-places, 0))
  const point = digits.length - Math.max(places, 0)
  const integer = digits.slice(0, point).replace(/^0+(?=\d)/, '')
  const rest = digits.slice(point).replace(/0+$/, '')
  return rest === '' ? integer : `${integer}.${rest}`
}

/** Unix seconds as ISO 8601. */
export function seconds(time: number | null | undefined): string | null {
  return time === null || time === undefined || time === 0 ? null : new Date(time * 1000).toISOString()
}

/** A limit that is stated: 0 and `null` are none. */
export function limit(tokens: number | null | undefined): number | null {
  return tokens === undefined || tokens === null || tokens <= 0 ? null : tokens
}

/** The flags that are stated. */
export function flags(stated: Record<string, boolean | null | undefined>): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(stated).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
  )
}

/** What lists of modalities say of capabilities: a list that is there is whole. */
export function media(input: readonly string[] = [], output: readonly string[] = []): Record<string, boolean> {
  return {
    ...(input.length === 0 ? {} : { vision: input.includes('image'), audioInput: input.includes('audio') }),
    ...(output.length === 0 ? {} : { audioOutput: output.includes('audio') }),
  }
}
