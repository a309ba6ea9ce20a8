/** `model-sync migrate`: brings the database schema up to date, as every start does. */
import { defineCommand } from '../line/command.js'
import { count } from '../output/plain.js'
import { EXIT } from '../line/usage-error.js'

export const migrate = defineCommand({
  name: 'migrate',
  summary: 'bring the database schema up to date, and do nothing else',
  options: {},
  notes: [
    'Every command does it first, and so does the server; this one is for a deployment that wants it as a step of its own.',
  ],
  examples: ['model-sync migrate'],
  run: async ({ output, json, backend }) => {
    const { applied, where } = await (await backend()).migrate()
    if (json) await output.json({ applied })
    else if (applied.length === 0) await output.line(`The schema is up to date in ${where}.`)
    else await output.line(`${count(applied.length, 'migration')} applied in ${where}: ${applied.join(', ')}`)
    return EXIT.ok
  },
})
