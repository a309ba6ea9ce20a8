/** `model-sync models-json`: brings a models.json up to date, without a database and without a server. */
import { defineCommand } from '../line/command.js'
import { EXIT, UsageError } from '../line/usage-error.js'

export const modelsJson = defineCommand({
  name: 'models-json',
  summary: 'bring a models.json up to date with the list of active models',
  options: {
    file: { type: 'string', value: 'PATH', description: 'the file; without it, MODELS_JSON_PATH' },
  },
  notes: [
    'Needs no database. The list is at ACTIVE_MODELS_URL; entries that only the file has are kept, and the file as it was is',
    'kept beside it as PATH.<timestamp>.bak. A server with MODELS_JSON_PATH does the same after every sync.',
  ],
  examples: ['model-sync models-json', 'model-sync models-json --file /srv/app/models.json'],
  run: async ({ values, output, progress, signal, json, verbose, connection }) => {
    if (connection !== '')
      throw new UsageError('models-json writes a file of this machine; leave --url away', 'models-json')
    const { syncModelsJson } = await import('../backend/sync-models-json.js')
    const write = (line: string): void => progress.line(line)
    const { update, file, lines } = await syncModelsJson({ file: values.file, signal, logging: { verbose, write } })
    if (json) await output.json({ file, ...update })
    else {
      for (const line of lines) await output.line(line)
      for (const warning of update.warnings) await output.line(output.paint('yellow', `Warning: ${warning}`))
      await output.line(update.written ? `${file} was written.` : `${file} was right already.`)
    }
    return EXIT.ok
  },
})
