/** `model-sync providers`: whom we can ask, and how that went. */
import type { ProviderRecord } from '../../core/records/provider-record.js'
import { defineCommand } from '../line/command.js'
import type { Output } from '../output/output.js'
import { plain, shorten } from '../output/plain.js'
import { layOut } from '../output/table.js'
import { EXIT } from '../line/usage-error.js'

const LONGEST_ERROR = 100

export const providers = defineCommand({
  name: 'providers',
  summary: 'list the providers, their keys and how their last sync went',
  options: {},
  notes: [
    'KEY names the variable of the key and says whether one is set; keys are never shown.',
    'STATE counts the members of its entries that nobody reads, and those that are gone; --json names them.',
  ],
  examples: ['model-sync providers', 'model-sync providers --json'],
  run: async ({ output, json, backend }) => {
    const found = await (await backend()).providers()
    if (json) await output.json({ providers: found })
    else
      for (const line of layOut(found, [
        { title: 'PROVIDER', cell: ({ slug }) => slug },
        { title: 'KEY', cell: (provider) => keyOf(provider, output) },
        { title: 'MODELS', cell: ({ availableModels }) => String(availableModels), right: true },
        { title: 'LAST SUCCESS', cell: ({ lastSuccessAt }) => lastSuccessAt ?? 'never' },
        { title: 'STATE', cell: (provider) => stateOf(provider, output) },
      ]))
        await output.line(line)
    return EXIT.ok
  },
})

function keyOf({ keyVariable, keyPresent, keyRequired, syncable }: ProviderRecord, output: Output): string {
  if (!syncable || keyVariable === null) return 'none needed'
  if (keyPresent) return output.paint('green', `${keyVariable} set`)
  return keyRequired ? output.paint('yellow', `${keyVariable} missing`) : `${keyVariable} not set, optional`
}

function stateOf(provider: ProviderRecord, output: Output): string {
  const { enabled, syncable, lastError, lastAttemptAt, heldChanges } = provider
  if (!enabled) return output.paint('gray', 'disabled')
  if (lastError !== null)
    return output.paint(heldChanges > 0 ? 'yellow' : 'red', shorten(plain(lastError), LONGEST_ERROR))
  if (!syncable) return 'by hand only'
  if (lastAttemptAt === null) return 'not synced yet'
  const drift = driftOf(provider)
  return drift === '' ? output.paint('green', 'ok') : output.paint('yellow', `ok, but its list has changed: ${drift}`)
}

/** How many members of its entries nobody reads, and how many are gone. */
function driftOf({ unread, vanished }: ProviderRecord): string {
  const counts = [
    [unread.length, 'unread'],
    [vanished.length, 'gone'],
  ] as const
  return counts.flatMap(([count, word]) => (count === 0 ? [] : `${count} ${word}`)).join(', ')
}
