/** Output to a reader that is slower than the command line, or gone. */
import { PassThrough, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { Output } from '../../../src/cli/output/output.js'

async function* members(count: number): AsyncGenerator<string> {
  for (let index = 0; index < count; index += 1) yield `member ${index}`
}

/** Node's warnings while this test runs. */
function warnings(t: Test): string[] {
  const heard: string[] = []
  const listen = ({ name, message }: Error): unknown => heard.push(`${name}: ${message}`)
  process.on('warning', listen)
  t.teardown(() => process.off('warning', listen))
  return heard
}

/** Takes each write a moment later, and never has room for two. */
function slowReader(): { stream: Writable; read: () => string } {
  let text = ''
  const write = (chunk: Buffer, _encoding: unknown, done: () => void): void => {
    text += chunk.toString()
    setImmediate(done)
  }
  return { stream: new Writable({ highWaterMark: 1, write }), read: () => text }
}

t.test('a slow reader gets everything, and no listener is left', async (t) => {
  const heard = warnings(t)
  const { stream, read } = slowReader()
  const before = ['drain', 'error', 'close'].map((event) => stream.listenerCount(event))
  const output = new Output(stream as unknown as NodeJS.WriteStream)
  await output.jsonList('members', members(500))
  t.equal((JSON.parse(read()) as { members: string[] }).members.length, 500)
  const after = ['drain', 'error', 'close'].map((event) => stream.listenerCount(event))
  // The one for a reader that goes.
  t.same(after, [before[0], before[1]! + 1, before[2]])
  await delay(10)
  t.same(heard, [])
})

t.test('many lines at once to a slow reader', async (t) => {
  const heard = warnings(t)
  const { stream, read } = slowReader()
  const output = new Output(stream as unknown as NodeJS.WriteStream)
  for (let round = 0; round < 30; round += 1) await Promise.all([output.line('a'), output.line('b')])
  t.equal(read().length, 120)
  await delay(10)
  t.same(heard, [])
})

t.test('a reader that goes while it is waited for ends the wait', async (t) => {
  for (const end of [
    (stream: PassThrough) => stream.destroy(Object.assign(new Error('EPIPE'), { code: 'EPIPE' })),
    (stream: PassThrough) => stream.destroy(),
  ]) {
    const stream = new PassThrough({ highWaterMark: 1 })
    const output = new Output(stream as unknown as NodeJS.WriteStream)
    const writing = output.write('more than it has room for')
    end(stream)
    await writing
    t.equal(stream.listenerCount('drain'), 0)
  }
})
