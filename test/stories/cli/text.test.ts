/** What the command line writes: exports that are safe and typed, diffs, tables, bars. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import t from 'tap'
import { CAPABILITIES } from '../../../src/core/model/model.js'
import { CSV_HEADER, modelCsvRow } from '../../../src/core/model/model-csv.js'
import type { ExportedModel } from '../../../src/core/model/exported-model.js'
import { TS_FOOTER, TS_HEADER, typescriptMember } from '../../../src/cli/output/export-typescript.js'
import { createLog } from '../../../src/cli/output/log.js'
import { Output } from '../../../src/cli/output/output.js'
import { plain, shortValue } from '../../../src/cli/output/plain.js'
import { describePlan, hasChanges, perMillion } from '../../../src/cli/output/plan-diff.js'
import { drawBars } from '../../../src/cli/output/progress-bars.js'
import { Progress } from '../../../src/cli/output/progress.js'
import { layOut } from '../../../src/cli/output/table.js'
import type { ProviderPlanDocument } from '../../../src/core/plan/plan-document.js'
import { fakeTerminal } from '../../cli/support.js'

const ALL_UNKNOWN = Object.fromEntries(
  CAPABILITIES.map((capability) => [capability, null]),
) as ExportedModel['capabilities']
const MODEL: ExportedModel = {
  id: 'p/a',
  provider: 'p',
  providerModelId: 'a',
  canonicalName: null,
  name: 'A',
  description: null,
  ownedBy: null,
  mode: 'chat',
  contextLength: 128_000,
  maxOutputTokens: null,
  inputModalities: ['image', 'text'],
  outputModalities: [],
  capabilities: { ...ALL_UNKNOWN, streaming: true, vision: false },
  inputCostPerToken: '0.00000125',
  outputCostPerToken: '0',
  cacheReadCostPerToken: null,
  cacheWriteCostPerToken: null,
  otherPrices: [{ kind: 'image', unit: 'image', currency: 'USD', price: '0.04' }],
  priceWindows: [],
  deployments: null,
  rpm: null,
  tpm: null,
  restricted: null,
  teams: [],
  accessGroups: [],
  aliases: [],
  createdAt: null,
  deprecationDate: null,
  replacedBy: null,
  origin: 'synced',
  availability: 'available',
  unavailableReason: null,
  unavailableSince: null,
  hidden: false,
  firstSeenAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
}

/** RFC 4180, read by hand. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? bare)
    if (end === '\r\n') rows.push([])
    if (end === '') break
  }
  return rows.slice(0, -1)
}

t.test('CSV: a column per field and capability, empty = unknown', async (t) => {
  const [header = [], cells = []] = readCsv(CSV_HEADER + modelCsvRow(MODEL))
  t.equal(header.length, cells.length)
  const row = Object.fromEntries(header.map((name, index) => [name, cells[index]]))
  t.match(row, {
    id: 'p/a',
    mode: 'chat',
    contextLength: '128000',
    maxOutputTokens: '',
    inputModalities: 'image; text',
    outputModalities: '',
    inputCostPerToken: '0.00000125',
    outputCostPerToken: '0',
    otherPrices: '[{"kind":"image","unit":"image","currency":"USD","price":"0.04"}]',
    hidden: 'false',
    streaming: 'true',
    vision: 'false',
    reasoning: '',
  })
})

t.test('CSV: quotes come through, each cell is one line, and none a formula', async (t) => {
  const kept = ['plain', 'a,b', 'say "hi"', "it's", 'über 你好', ' spaced ', 'a=b', '1-2']
  const prefixed = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =cmd', '=HYPERLINK("http://x","y")', '＝1']
  for (const name of kept)
    t.equal(readCsv(CSV_HEADER + modelCsvRow({ ...MODEL, name }))[1]![4], name, JSON.stringify(name))
  for (const name of prefixed)
    t.equal(
      readCsv(CSV_HEADER + modelCsvRow({ ...MODEL, name }))[1]![4],
      `'${name.replace(/[\t\r]/, ' ')}`,
      JSON.stringify(name),
    )
  t.equal(readCsv(CSV_HEADER + modelCsvRow({ ...MODEL, name: 'two\r\nlines' }))[1]![4], 'two lines')
  const ids = modelCsvRow({ ...MODEL, id: '=p/a', aliases: ['=x', 'y'] })
  t.ok(ids.startsWith(`"'=p/a"`))
  t.match(ids, `"'=x; y"`)
})

t.test('TypeScript: a module that compiles under strict and says what it holds', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'model-sync-export-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const odd = { ...MODEL, id: 'p/b', name: '`${x}` </script> \u2028 "\\', description: 'a\nb' }
  await writeFile(path.join(folder, 'models.ts'), TS_HEADER + [MODEL, odd].map(typescriptMember).join('') + TS_FOOTER)
  await writeFile(
    path.join(folder, 'use.ts'),
    `import { models, type Mode } from './models.js'
export const mode: Mode | null | undefined = models[0]?.mode
// @ts-expect-error the list cannot be changed
models.push()
// @ts-expect-error prices are decimal strings
export const price: number = models[0]!.inputCostPerToken
`,
  )
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', 'use.ts']
  const complaints = await promisify(execFile)(process.execPath, [tsc, ...options], { cwd: folder }).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  )
  t.equal(complaints, '')
})

const PLAN: ProviderPlanDocument = {
  provider: 'p',
  added: [{ modelId: 'p/new', fields: MODEL as never }],
  updated: [
    {
      modelId: 'p/u',
      fields: { inputCostPerToken: { from: '0.000001', to: '0.0000012' }, ownedBy: { from: null, to: 'x' } },
    },
  ],
  unavailable: [{ modelId: 'p/gone', reason: 'omitted' }],
  restored: [{ modelId: 'p/back', fields: {} }],
  renamed: [{ modelId: 'p/B', from: 'p/b' }],
  held: [
    { modelId: 'p/h', kind: 'updated', reason: 'price-jump', field: 'outputCostPerToken', from: '0.00001', to: '0' },
    { modelId: 'p/i', kind: 'unavailable', reason: 'mass-removal' },
  ],
  rejected: [{ modelId: null, reason: 'it has no id' }],
  filtered: 2,
  unchanged: 7,
  impact: [{ label: 'subscriptions', count: 12, modelId: 'p/gone' }],
}

t.test('a plan as a diff', async (t) => {
  const plan = { planHash: 'h', revision: 1, providers: [PLAN, { ...PLAN, provider: 'q', ...nothing() }] }
  const lines = describePlan(plan, new Output(fakeTerminal(null)))
  t.strictSame(lines, [
    'p',
    '  + p/new  A, chat, 128000 tokens, $1.25 in, $0 out per 1M',
    '  + p/back  available again',
    '  > p/b → p/B',
    '  ~ p/u',
    '      inputCostPerToken: 0.000001 ($1 per 1M) → 0.0000012 ($1.2 per 1M)',
    '      ownedBy: – → x',
    '  - p/gone  unavailable: omitted',
    '  ! p/h  held (price-jump): outputCostPerToken 0.00001 ($10 per 1M) → 0 ($0 per 1M)',
    '  ! p/i  held (mass-removal): it would become unavailable',
    '  # an entry  rejected: it has no id',
    '  ⚠ 12 subscriptions on p/gone',
    '',
    'Plan: 1 to add, 1 to change, 1 to rename, 1 to restore, 1 to become unavailable, 2 held, 1 rejected; 14 unchanged, of 2 providers.',
  ])
  t.equal(hasChanges(plan), true)
  const held = { ...PLAN, ...nothing(), held: PLAN.held }
  t.equal(hasChanges({ ...plan, providers: [held] }), true, 'what is held can be carried out')
  const rejected = { ...PLAN, ...nothing(), rejected: PLAN.rejected }
  t.equal(hasChanges({ ...plan, providers: [rejected] }), false)
})

function nothing() {
  return { added: [], updated: [], unavailable: [], restored: [], renamed: [], held: [], rejected: [], impact: [] }
}

t.test('prices per million are exact', async (t) => {
  t.equal(perMillion('0.00000125'), '1.25')
  t.equal(perMillion('0.000000000000000000000000000001'), '0.000000000000000000000001')
  t.equal(perMillion('0'), '0')
})

t.test('words of others cannot steer the terminal', async (t) => {
  t.equal(plain('a\u001b[2Jb\r\nc\u202ed'), 'a [2Jb c d')
  t.equal(shortValue('x'.repeat(200)).length, 80)
  t.equal(shortValue(null), '–')
  t.equal(shortValue(false), 'false')
})

t.test('a table', async (t) => {
  const rows = [
    ['a', '1'],
    ['\u001b[31mlonger\u001b[39m', '22'],
  ]
  const lines = layOut(rows, [
    { title: 'NAME', cell: ([name = '']) => name },
    { title: 'N', cell: ([, number = '']) => number, right: true },
  ])
  t.strictSame(lines.map(stripVTControlCharacters), ['NAME     N', 'a        1', 'longer  22'])
})

t.test('bars: one a provider, never more lines or columns than the terminal has', async (t) => {
  const readings = Array.from({ length: 36 }, (_, index) => ({
    slug: `provider-${index}`,
    expected: 100,
    entries: index,
    finished: index % 2 === 0,
  }))
  const paint = (_: unknown, text: string): string => text
  const lines = drawBars(readings, { rows: 12, columns: 60 }, paint)
  t.equal(lines.length, 11)
  t.equal(lines.at(-1), '… and 26 more')
  for (const line of lines) t.ok([...line].length < 60, line)
  t.match(lines[0], /^provider-1 +█* ?░+ 1 so far$/)
  t.equal(drawBars(readings, { rows: 0, columns: 0 }, paint).length, 23, 'a size that is not known')
  for (const line of drawBars(readings, { rows: 50, columns: 20 }, paint)) t.ok([...line].length < 20, line)
})

t.test('progress: bars on a terminal, which go away again; lines elsewhere; nothing with --json', async (t) => {
  const paint = (_: unknown, text: string): string => text
  const show = (stream: ReturnType<typeof fakeTerminal>, quiet: boolean) => {
    const progress = new Progress(stream, paint, quiet)
    progress.started([{ slug: 'litellm', expected: 4 }])
    progress.read('litellm', 4)
    progress.finished('litellm')
    progress.line('warn: Skipping an entry')
    progress.done()
    return stream.text()
  }
  const bars = show(fakeTerminal({ rows: 24, columns: 80 }), false)
  t.match(bars, /litellm ░{24} asking\n/)
  t.match(bars, /litellm █{24} 4 read\n/)
  t.ok(bars.endsWith('\u001b[1A\u001b[2K'), 'the last bar is taken away')
  t.equal(
    show(fakeTerminal(null), false),
    'Asking 1 provider: litellm\nlitellm: read 4 entries\nwarn: Skipping an entry\n',
  )
  t.equal(show(fakeTerminal(null), true), 'warn: Skipping an entry\n')
})

t.test('the log: a readable line each', async (t) => {
  const lines: string[] = []
  const log = createLog({ level: 'warn', verbose: false, write: (line) => lines.push(line) })
  log.info('not told')
  log.warn({ provider: 'litellm', model: null }, 'Skipping an entry: it has no id')
  log.error({ err: new Error('the\nreason') }, 'It failed')
  t.strictSame(lines, ['warn: Skipping an entry: it has no id (provider=litellm)', 'error: It failed: the reason'])
  const all: string[] = []
  createLog({ level: 'warn', verbose: true, write: (line) => all.push(line) }).debug({ err: new Error('x') }, 'told')
  t.match(all[0], /^debug: told: x\nError: x\n +at /)
})
