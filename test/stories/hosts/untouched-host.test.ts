/** Importing the plugin changes nothing in the host's process: no setting of a package that both use, no global, no listener, no timer. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { program } from '../../support/program.js'

/** Everything of a process that packages of ours could set for all others. */
const SNAPSHOT = `async () => {
  const { default: Big } = await import('big.js')
  const { default: pg } = await import('pg')
  const { findProvider } = await import('@pydantic/genai-prices')
  const { getGlobalDispatcher } = await import('undici')
  const { EventEmitter } = await import('node:events')
  const http = await import('node:http')
  const https = await import('node:https')
  const tls = await import('node:tls')
  return JSON.stringify({
    big: [{ ...Big }, Big.strict, String(new Big(1).div(3)), String(new Big('1e-12')), new Big('1e30').toJSON()],
    pg: [pg.defaults, pg.types.getTypeParser(20)('5'), pg.types.getTypeParser(1184)('2026-01-01T00:00Z'), pg.types.getTypeParser(1700)('1.50')],
    prices: findProvider({ providerId: 'openai' }).models.length,
    dispatcher: getGlobalDispatcher().constructor.name + Object.keys(getGlobalDispatcher()),
    agents: [http.globalAgent.keepAlive, https.globalAgent.keepAlive, http.globalAgent.maxSockets, tls.DEFAULT_MIN_VERSION],
    listeners: [EventEmitter.defaultMaxListeners, process.eventNames().map((name) => String(name) + process.listenerCount(name)).sort()],
    globals: Object.getOwnPropertyNames(globalThis).sort(),
    prototypes: [Object, Array, String, Number, Date, Error, Promise].map(({ prototype }) => Reflect.ownKeys(prototype).map(String)),
    errors: [Error.stackTraceLimit, typeof Error.prepareStackTrace],
    environment: Object.keys(process.env).sort(),
    resources: process.getActiveResourcesInfo().filter((name) => name !== 'CloseReq' && !name.startsWith('FSReq')),
  })
}`

t.test('every entry that a host imports', async (t) => {
  const entries = ['index', 'direct', 'client/index'].map((name) =>
    program(new URL(`../../../src/${name}.js`, import.meta.url)),
  )
  const script = `
    const look = ${SNAPSHOT}
    await look()
    const before = await look()
    ${entries.map(({ file }) => `await import(${JSON.stringify(file)})`).join('\n')}
    console.log(JSON.stringify([before, await look()]))`
  const args = [...entries[0]!.execArgv, '--input-type=module', '-e', script]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const [before, after] = (JSON.parse(stdout) as [string, string]).map((text) => JSON.parse(text) as unknown)
  t.strictSame(after, before)
})
