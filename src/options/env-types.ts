/** What the schema says of an option beyond JSON Schema: its environment variable, and how its type is called. */
import type { TObject } from 'typebox'

export interface EnvSchema {
  env?: string
  /** The variable of other programs too, which also read it in lower case, and that first. */
  lowerCaseToo?: true
  type?: keyof typeof TYPES
  /** Values that a variable may have in any case. */
  enum?: readonly string[]
  /** Other words for some of them, in lower case. */
  spellings?: Readonly<Record<string, string>>
}

export const TYPES = {
  string: 'a text',
  boolean: 'true or false (1/0, yes/no, on/off)',
  integer: 'a whole number',
  number: 'a number',
  array: 'a list with commas',
  object: 'one such as {"name": {…}}',
} as const

/** The options of an object schema that have a variable, nested ones too. */
export function variablesOf(schema: TObject): string[] {
  return Object.values(schema.properties).flatMap((property) => {
    const { env } = property as EnvSchema
    if (env !== undefined) return [env]
    return 'properties' in property ? variablesOf(property as unknown as TObject) : []
  })
}
