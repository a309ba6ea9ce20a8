/** No message speaks the language of JSON Schema, whatever is wrong with whatever option. */
import t from 'tap'
import { readServerOptions, type ServerSettingsInput } from '../../../src/options.js'
import { serverSchema } from '../../../src/options/options-schema.js'

const JARGON =
  /\bmust (NOT|be|match|have|pass)\b|pattern|schema (is|at)|additionalProp|instancePath|characters or more than|undefined|\[object/

interface Node {
  type?: string
  properties?: Record<string, Node>
  patternProperties?: Record<string, Node>
  items?: Node
}

/** Every path to a value, and the wrong values to try there. */
function* places(node: Node, path: (string | number)[] = []): Generator<(string | number)[]> {
  yield path
  for (const [name, child] of Object.entries(node.properties ?? {})) yield* places(child, [...path, name])
  for (const child of Object.values(node.patternProperties ?? {})) yield* places(child, [...path, 'openai'])
  if (node.items !== undefined) yield* places(node.items, [...path, 0])
}

const WRONG: unknown[] = [
  '',
  ' ',
  'x y',
  '-',
  -1,
  1.5,
  1e300,
  Number.NaN,
  true,
  null,
  [],
  [{}],
  {},
  { nonsense: 1 },
  { 'A B': {} },
  'x'.repeat(9000),
]

function withValue([first, ...rest]: (string | number)[], value: unknown): unknown {
  if (first === undefined) return value
  const inner = withValue(rest, value)
  return typeof first === 'number' ? [inner] : { [first]: inner }
}

t.test('every option with every kind of wrong value', async (t) => {
  let refused = 0
  for (const path of places(serverSchema as unknown as Node)) {
    if (path.length === 0) continue
    for (const value of WRONG) {
      try {
        readServerOptions(withValue(path, value) as ServerSettingsInput)
      } catch (error) {
        refused++
        const { message } = error as Error
        if (JARGON.test(message)) t.fail(`${path.join('.')} = ${JSON.stringify(value)?.slice(0, 40)}: ${message}`)
        if (!/expected|there is no option|is no name|set one of them/.test(message))
          t.fail(`${path.join('.')}: ${message}`)
      }
    }
  }
  t.ok(refused > 500, `${refused} were refused`)
})
