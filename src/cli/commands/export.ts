/** `model-sync export`: the catalogue as JSON, CSV or TypeScript, or as the file of a client. */
import { CLIENT_NAMES, type ClientName } from '../../core/clients/all-clients.js'
import { escapeUnseen } from '../../core/input/one-line.js'
import { defineCommand } from '../line/command.js'
import { CSV_HEADER, modelCsvRow } from '../../core/model/model-csv.js'
import { exportedModel, type ExportedModel } from '../../core/model/exported-model.js'
import { TS_FOOTER, TS_HEADER, typescriptMember } from '../output/export-typescript.js'
import { eachModel, FILTER_OPTIONS, modelFilter } from '../line/model-filters.js'
import { EXIT, UsageError } from '../line/usage-error.js'

interface Format {
  header: string
  member(model: ExportedModel, index: number): string
  footer(count: number): string
}

const FORMATS: Record<string, Format> = {
  json: {
    header: '[',
    member: (model, index) => `${index === 0 ? '' : ','}\n  ${escapeUnseen(JSON.stringify(model))}`,
    footer: (count) => (count === 0 ? ']\n' : '\n]\n'),
  },
  csv: { header: CSV_HEADER, member: modelCsvRow, footer: () => '' },
  ts: { header: TS_HEADER, member: typescriptMember, footer: () => TS_FOOTER },
}

export const exportModels = defineCommand({
  name: 'export',
  summary: 'write the catalogue to stdout as JSON, CSV or TypeScript, or as the file of a client',
  options: {
    format: {
      type: 'string',
      value: 'FORMAT',
      choices: [...Object.keys(FORMATS), ...CLIENT_NAMES],
      description: 'default: json',
    },
    ...FILTER_OPTIONS,
  },
  notes: [
    'Models are sorted by id, and what each sync moves is left out (lastSeenAt, stale): two exports of one catalogue are equal.',
    'A client’s file lists the models that GET /clients/FORMAT lists: those that anybody may call. It takes no filter.',
    'CSV: a cell that a spreadsheet would take for a formula starts with an apostrophe; TypeScript: export const models, typed.',
  ],
  examples: [
    'model-sync export --format csv --availability available > models.csv',
    'model-sync export --format ts > src/models.ts',
    'model-sync export --format opencode > opencode.json',
  ],
  run: async ({ values, output, signal, json, backend }) => {
    if (json && (values.format ?? 'json') !== 'json')
      throw new UsageError(`--json and --format ${values.format} exclude each other; leave one of them out`, 'export')
    const client = CLIENT_NAMES.find((name) => name === values.format)
    if (client !== undefined) {
      refuseFilters(values, client)
      await output.write(await (await backend()).clientFile(client))
      return EXIT.ok
    }
    const { header, member, footer } = FORMATS[values.format ?? 'json'] as Format
    const models = eachModel(await backend(), { ...modelFilter(values), sort: 'id' }, { limit: Infinity, signal })
    let count = 0
    await output.write(header)
    for await (const model of models) {
      if (output.closed) return EXIT.ok
      await output.write(member(exportedModel(model), count))
      count += 1
    }
    await output.write(footer(count))
    return EXIT.ok
  },
})

function refuseFilters(values: object, client: ClientName): void {
  const given = Object.keys(FILTER_OPTIONS).find((name) => name in values)
  if (given !== undefined)
    throw new UsageError(
      `--format ${client} lists what the client may call, and takes no --${given}; leave it out`,
      'export',
    )
}
