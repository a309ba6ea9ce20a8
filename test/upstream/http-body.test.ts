import { createHash } from 'node:crypto'
import t from 'tap'
import { HttpBody } from '../../src/upstream/http-body.js'

t.test('bytes come back in their order, over the blocks of every size', async (t) => {
  const text = `\uFEFF${'Größe 漢字 🚀 '.repeat(150_000)}`
  const bytes = Buffer.from(text)
  for (const step of [bytes.length, 64 * 1024, 65_537, 1_000_003]) {
    const body = new HttpBody()
    for (let from = 0; from < bytes.length; from += step) body.append(bytes.subarray(from, from + step))
    t.equal(body.bytes, bytes.length)
    t.equal(body.digest(), createHash('sha256').update(bytes).digest('hex'))
    t.ok((await body.text()) === text.slice(1), `chunks of ${step} bytes`)
  }
})

t.test('a small body takes a small block', (t) => {
  const before = process.memoryUsage().arrayBuffers
  const bodies = Array.from({ length: 100 }, () => new HttpBody())
  for (const body of bodies) body.append(Buffer.from('{"data":[]}'))
  t.ok(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024)
  t.equal(bodies.length, 100)
  t.end()
})

t.test('no bytes', async (t) => {
  const body = new HttpBody()
  body.append(Buffer.alloc(0))
  t.equal(await body.text(), '')
})
