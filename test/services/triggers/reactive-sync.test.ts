/** When an unknown name has its providers asked again, and which of them. */
import { setImmediate as settle } from 'node:timers/promises'
import pino from 'pino'
import t from 'tap'
import { ReactiveSync } from '../../../src/services/triggers/reactive-sync.js'
import type { SyncOptions } from '../../../src/services/sync/sync-request.js'
import type { SyncResult } from '../../../src/core/records/sync-result.js'

const MINUTE = 60_000
const ADDRESS = `0x${'ab'.repeat(32)}`

function open(answer: () => Promise<Partial<SyncResult>> = () => Promise.resolve({ success: true })) {
  const time = { now: 0 }
  const asked: SyncOptions[] = []
  const lines: { level: number; msg: string; model?: string }[] = []
  const log = pino({ level: 'trace' }, { write: (line) => lines.push(JSON.parse(line) as (typeof lines)[number]) })
  const reactive = new ReactiveSync({
    sync: async (options) => {
      asked.push(options)
      return (await answer()) as SyncResult
    },
    providers: ['litellm', 'openrouter', 'morpheus'],
    log,
    clock: () => time.now,
  })
  return { reactive, time, asked, lines }
}

t.test('at most once in five minutes, whatever is asked for', async (t) => {
  const { reactive, time, asked } = open()
  for (let index = 0; index < 100; index += 1) reactive.missed(`unknown-${index}`)
  t.strictSame(asked, [{ trigger: 'reactive', providers: ['litellm', 'openrouter', 'morpheus'] }])
  time.now = 5 * MINUTE - 1
  reactive.missed('unknown')
  t.equal(asked.length, 1)
  time.now = 5 * MINUTE
  reactive.missed('unknown')
  t.equal(asked.length, 2)
})

t.test('the providers that could have it', async (t) => {
  const { reactive, time, asked } = open()
  for (const name of ['openrouter/vendor/model', ADDRESS, 'vendor/model']) {
    reactive.missed(name)
    time.now += 5 * MINUTE
  }
  t.strictSame(
    asked.map(({ providers }) => providers),
    [['openrouter'], ['morpheus'], ['litellm', 'openrouter', 'morpheus']],
  )
})

t.test('a name that nobody could have asks nobody, and does not use up the five minutes', async (t) => {
  const asked: SyncOptions[] = []
  const reactive = new ReactiveSync({
    sync: (options) => {
      asked.push(options)
      return Promise.resolve({ success: true } as SyncResult)
    },
    providers: ['litellm'],
    log: pino({ level: 'silent' }),
    clock: () => 0,
  })
  reactive.missed(ADDRESS)
  t.strictSame(asked, [])
  reactive.missed('unknown')
  t.equal(asked.length, 1)
})

t.test('a sync that fails is told, and thrown at nobody', async (t) => {
  for (const answer of [
    () => Promise.resolve({ success: false, errors: ['LiteLLM did not answer'] }),
    () => Promise.reject(new Error('the database is away')),
  ]) {
    const { reactive, lines } = open(answer)
    reactive.missed('x'.repeat(5000))
    await settle()
    t.strictSame(
      lines.map(({ level, msg }) => [level, msg]),
      [
        [30, 'A model is unknown; looking for it upstream'],
        [40, 'The sync for an unknown model failed'],
      ],
    )
    t.equal(lines[0]?.model?.length, 200, 'what a caller sends is cut short')
  }
})
