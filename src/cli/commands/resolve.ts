/** `model-sync resolve`: which models names mean. */
import { REQUEST_TYPES } from '../../core/names/request-types.js'
import type { ResolvedName } from '../backend/backend.js'
import { defineCommand } from '../line/command.js'
import { describeWithheld } from '../../core/names/withheld-model.js'
import type { Unavailable } from '../../core/names/resolution.js'
import { plain } from '../output/plain.js'
import { EXIT } from '../line/usage-error.js'

export const resolve = defineCommand({
  name: 'resolve',
  summary: 'say which models names mean',
  operands: '<name>…',
  count: { min: 1, max: 1000 },
  options: {
    type: {
      type: 'string',
      value: 'TYPE',
      choices: REQUEST_TYPES,
      description: 'what the request wants; default chat',
    },
    strict: { type: 'boolean', description: 'no substitute for a name that nobody has' },
  },
  examples: ['model-sync resolve venice-uncensored', 'model-sync resolve gpt-4o claude-opus-4.5 --strict --json'],
  run: async ({ positionals, values, output, json, backend }) => {
    const type = REQUEST_TYPES.find((one) => one === values.type) ?? 'chat'
    const results = await (
      await backend()
    ).resolve(positionals, { type, strict: values.strict ?? false, suggest: true })
    if (json) await output.json({ results })
    else for (const result of results) await output.line(describe(result))
    return results.some((result) => 'code' in result) ? EXIT.failed : EXIT.ok
  },
})

function describe(result: ResolvedName): string {
  if ('code' in result) return plain(`${result.requested}: ${result.message}${actorOf(result.unavailable)}`)
  const { requested, id, name, matchedBy, fallback, alternatives, suggestions, unavailable } = result
  const substitute =
    unavailable === undefined ? 'nobody has that name' : `${describeWithheld(unavailable)}${actorOf(unavailable)}`
  const more = [
    fallback ? `a substitute: ${substitute}` : `by ${matchedBy}`,
    ...(alternatives.length > 0 ? [`also ${alternatives.join(', ')}`] : []),
    ...(suggestions.length > 0 ? [`did you mean ${suggestions.join(', ')}?`] : []),
  ]
  return plain(`${requested} → ${id} "${name}" (${more.join('; ')})`)
}

function actorOf(unavailable: Unavailable | undefined): string {
  const actor = unavailable?.actor ?? null
  return actor === null ? '' : ` (by ${actor})`
}
