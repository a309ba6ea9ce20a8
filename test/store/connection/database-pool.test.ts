/** A view of a pool changes nothing outside of itself. */
import { EventEmitter } from 'node:events'
import t from 'tap'
import { boundPool, poolUntil, type DatabasePool } from '../../../src/store/connection/database-pool.js'

const pool: DatabasePool = { connect: () => Promise.reject(new Error('nobody connects')) }

t.test('the listeners that the process allows by default stay as they are', async (t) => {
  boundPool(pool, { timeoutMs: 1000 })
  boundPool(pool, { timeoutMs: 1000, signals: [new AbortController().signal] })
  poolUntil(pool, new AbortController().signal)
  t.equal(EventEmitter.defaultMaxListeners, 10)
})

t.test('fetch takes a signal that ends a wait for the database', async (t) => {
  const { signal } = new AbortController()
  poolUntil(boundPool(pool, { timeoutMs: 1000, signals: [signal] }), signal)
  t.doesNotThrow(() => new Request('http://localhost', { signal }))
})
