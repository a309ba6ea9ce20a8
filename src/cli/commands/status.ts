/** `model-sync status`: whether the catalogue is in step. */
import { describeReason } from '../../core/records/standing-text.js'
import type { Reason, ReasonLevel, Standing } from '../../core/records/standing.js'
import type { ReplicaRecord } from '../../core/records/replica-record.js'
import type { RunRecord } from '../../core/records/run-record.js'
import type { Status } from '../backend/backend.js'
import { defineCommand } from '../line/command.js'
import type { Output } from '../output/output.js'
import { count, plain } from '../output/plain.js'
import { EXIT } from '../line/usage-error.js'

export const status = defineCommand({
  name: 'status',
  summary: 'show whether the catalogue is in step: last sync, counts, what is off and what waits for a person',
  options: {
    'exit-code': { type: 'boolean', description: 'exit 2 when something needs a person, or nothing was synced yet' },
  },
  examples: ['model-sync status', 'model-sync status --exit-code', 'model-sync status --json | jq .standing'],
  run: async ({ output, json, backend, values }) => {
    const catalogue = await backend()
    const found = await catalogue.status()
    const { state } = found.standing
    const exit = values['exit-code'] === true && state !== 'ok' ? EXIT.changes : EXIT.ok
    if (json) {
      await output.json(found)
      return exit
    }
    const { lastSync, lastSuccess, nextSyncAt, running, models, health, replicas } = found
    const lines = [
      `Catalogue     ${catalogue.where}, revision ${health.revision}`,
      `Models        ${count(models.totalModels, 'model')}: ${models.availableModels} available, ${models.unavailableModels} unavailable`,
      `Last sync     ${describeRun(lastSync)}${running ? ', one is running now' : ''}`,
      `Last success  ${describeRun(lastSuccess)}`,
      ...(nextSyncAt === null ? [] : [`Next sync     ${nextSyncAt}`]),
      ...(replicas === null || replicas.length < 2
        ? []
        : [`Replicas      ${replicas.map(describeReplica).join(', ')}`]),
      describeState(found.standing, output),
      ...found.standing.reasons.map((reason) => describe(reason, output)),
      ...errorsOf(found, output),
    ]
    for (const line of lines) await output.line(line)
    return exit
  },
})

type Colour = Parameters<Output['paint']>[0]

const STATES: Record<Standing['state'], [words: string, colour: Colour]> = {
  ok: ['nothing needs you', 'green'],
  'never-synced': ['never synced', 'yellow'],
  attention: ['needs a look', 'yellow'],
  failing: ['failing', 'red'],
}

const LABELS: Record<ReasonLevel, [label: string, colour: Colour | null]> = {
  failure: ['Failure       ', 'red'],
  warning: ['Warning       ', 'yellow'],
  note: ['Note          ', null],
}

function describeState({ state, reasons }: Standing, output: Output): string {
  const [words, colour] = STATES[state]
  return `State         ${output.paint(colour, reasons.length === 0 ? 'in step' : words)}`
}

function describe(reason: Reason, output: Output): string {
  const [label, colour] = LABELS[reason.level]
  const next = nextStep(reason)
  const line = plain(`${label}${describeReason(reason)}${next === null ? '' : `: ${next}`}`)
  return colour === null ? line : output.paint(colour, line)
}

/** Refreshes what is meant, and nothing else. */
function nextStep({ code, facts }: Reason): string | null {
  switch (code) {
    case 'never-synced':
    case 'stale':
    case 'undone':
    case 'last-run-cancelled':
      return 'model-sync sync'
    case 'last-run-failed':
    case 'provider-failing':
      return facts.providers.length === 0
        ? 'model-sync sync'
        : `model-sync sync --providers ${facts.providers.join(',')}`
    case 'held':
      return `model-sync plan --providers ${facts.providers.join(',')} shows them, model-sync apply lets them through`
    case 'news-disabled':
      return 'PATCH /models/news/<name> switches them on again'
    case 'provider-disabled':
      return 'PATCH /providers/<slug> enables it again'
    default:
      return null
  }
}

/** Also of a provider that no schedule asks for. */
function errorsOf({ health }: Status, output: Output): string[] {
  return health.providers
    .filter(({ healthy }) => !healthy)
    .map(({ provider, lastError }) => output.paint('red', `Failing       ${provider}: ${plain(lastError ?? '')}`))
}

function describeReplica({ name, version, holds }: ReplicaRecord): string {
  return plain(`${name} (${version}${holds.map((kind) => `, ${kind}`).join('')})`)
}

function describeRun(run: RunRecord | null): string {
  if (run === null) return 'never'
  return `${run.startedAt}, ${run.trigger}, ${run.success === true ? 'ok' : 'failed'}`
}
