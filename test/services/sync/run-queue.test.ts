/** One run at a time: who joins, who waits, who ends a run. */
import t from 'tap'
import { SyncQueue } from '../../../src/services/sync/run-queue.js'

/** Work that ends when it is told to, or when it is aborted. */
function controlled() {
  const starts: string[] = []
  const ends = new Map<string, (value: string) => void>()
  const signals = new Map<string, AbortSignal>()
  const work = (name: string) => (signal: AbortSignal) => {
    starts.push(name)
    signals.set(name, signal)
    return new Promise<string>((resolve) => {
      ends.set(name, resolve)
      signal.addEventListener('abort', () => resolve(`${name} aborted: ${(signal.reason as Error).message}`))
      if (signal.aborted) resolve(`${name} aborted: ${(signal.reason as Error).message}`)
    })
  }
  return { starts, signals, work, end: (name: string) => ends.get(name)?.(`${name} done`) }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

t.test('equal callers share the run in progress, others wait their turn in order', async (t) => {
  const { starts, work, end } = controlled()
  const queue = new SyncQueue<string>()
  const results = [
    queue.join('a', work('a1')),
    queue.join('a', work('a2')),
    queue.join('b', work('b1')),
    queue.join('c', work('c1')),
    queue.join('b', work('b2')),
  ]
  t.strictSame(starts, ['a1'])
  t.equal(queue.running, true)
  end('a1')
  await turn()
  t.strictSame(starts, ['a1', 'b1'], 'one at a time')
  end('b1')
  await turn()
  end('c1')
  t.strictSame(await Promise.all(results), ['a1 done', 'a1 done', 'b1 done', 'c1 done', 'b1 done'])
  t.strictSame(starts, ['a1', 'b1', 'c1'])
  await turn()
  t.equal(queue.running, false)
})

t.test('a run that has ended is joined by nobody, not even by whoever has just had its result', async (t) => {
  const queue = new SyncQueue<number>()
  let runs = 0
  const work = async () => ++runs
  t.equal(await queue.join('a', work), 1)
  t.equal(await queue.join('a', work), 2)
  const again = queue.join('a', work).then(() => queue.join('a', work))
  t.equal(await again, 4)
})

t.test('work that fails, also at once, fails for its callers only', async (t) => {
  const queue = new SyncQueue<string>()
  const failing = queue.join('a', () => Promise.reject(new Error('no')))
  const throwing = queue.join('b', () => {
    throw new Error('at once')
  })
  const after = queue.join('c', async () => 'fine')
  await t.rejects(failing, { message: 'no' })
  await t.rejects(throwing, { message: 'at once' })
  t.equal(await after, 'fine')
})

t.test('cancel ends the run in progress, and who comes then gets a run of its own', async (t) => {
  const { starts, work, end } = controlled()
  const queue = new SyncQueue<string>()
  t.equal(queue.cancel(new Error('nothing there')), false)
  const first = queue.join('a', work('a1'))
  const waiting = queue.join('b', work('b1'))
  t.equal(queue.cancel(new Error('stop')), true)
  const late = queue.join('a', work('a2'))
  t.equal(await first, 'a1 aborted: stop')
  await turn()
  end('b1')
  t.equal(await waiting, 'b1 done', 'those that wait are not cancelled')
  await turn()
  end('a2')
  t.equal(await late, 'a2 done')
  t.strictSame(starts, ['a1', 'b1', 'a2'])
})

t.test('a signal ends a run when each of its callers has gone', async (t) => {
  const { work, signals, end } = controlled()
  const queue = new SyncQueue<string>()
  const one = new AbortController()
  const other = new AbortController()
  const results = [
    queue.join('a', work('a1'), { signal: one.signal }),
    queue.join('a', work('a2'), { signal: other.signal }),
  ]
  one.abort(new Error('one left'))
  t.equal(signals.get('a1')?.aborted, false, 'the other still wants it')
  other.abort(new Error('the other left too'))
  t.strictSame(await Promise.all(results), Array(2).fill('a1 aborted: the other left too'))

  const mixed = [
    queue.join('b', work('b1'), { signal: AbortSignal.abort(new Error('gone before')) }),
    queue.join('b', work('b2')),
  ]
  await turn()
  t.ok(signals.has('b1') || signals.has('b2'))
  end('b1')
  end('b2')
  t.match(await mixed[1], /^b\d done$/, 'who came without a signal gets a result')
})

t.test('close ends every run and waits for the last; afterwards none starts', async (t) => {
  const { starts, work } = controlled()
  const queue = new SyncQueue<string>()
  let ended = false
  const slow = queue.join('a', async (signal) => {
    await work('a1')(signal)
    await turn()
    await turn()
    ended = true
    return 'a1 ended'
  })
  const waiting = queue.join('b', work('b1'))
  await queue.close(new Error('closing'))
  t.equal(ended, true)
  t.equal(await slow, 'a1 ended')
  t.match(await waiting, /aborted: closing/)
  const signals: AbortSignal[] = []
  await queue
    .join('c', async (signal) => {
      signals.push(signal)
      return ''
    })
    .catch(() => undefined)
  t.ok(
    signals.every(({ aborted }) => aborted),
    'a run that is asked for too late is aborted from the start, or never starts',
  )
  t.strictSame(
    starts.filter((name) => name === 'c'),
    [],
  )
})

t.test(
  'a caller who would wait behind twenty others is refused, what comes by itself waits all the same',
  async (t) => {
    const { work, end, starts } = controlled()
    const queue = new SyncQueue<string>()
    const results = Array.from({ length: 21 }, (_, index) => queue.join(`k${index}`, work(`k${index}`)))
    t.throws(() => queue.join('one more', work('one more')), {
      code: 'FST_MODEL_SYNC_TOO_MANY_RUNS',
      statusCode: 429,
      retryAfter: 30,
    })
    results.push(queue.join('k20', work('again')), queue.join('tick', work('tick'), { automatic: true }))
    for (const name of [...Array.from({ length: 21 }, (_, index) => `k${index}`), 'tick']) {
      end(name)
      await turn()
    }
    t.equal((await Promise.all(results)).length, 23)
    t.equal(starts.length, 22, 'an equal one joins')
    const after = queue.join('one more', work('one more'))
    end('one more')
    t.equal(await after, 'one more done', 'and then there is room')
  },
)
