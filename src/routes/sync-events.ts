/** /models/sync/events: server-sent events; how far the run in progress is, its result, and the catalogue's revision. */
import { PassThrough } from 'node:stream'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { admits } from './shared/admits.js'
import { clientAddress } from './shared/client-address.js'
import { ErrorSchema } from './shared/errors.js'
import { EventPlaces } from './event-places.js'
import type { RouteHooks } from './shared/hooks.js'

// A proxy gives up a connection that is silent for 30 to 60 seconds.
const HEARTBEAT_MS = 15_000
// Of a reader that does not keep up; it comes back and is told the state of then.
const MOST_BUFFERED_BYTES = 1024 * 1024

/** Not @fastify/sse: its newest version wants a newer Node than ours, and none ends its streams before the server closes. */
export default async function eventRoutes(
  instance: FastifyInstance,
  { read, write, guarded }: RouteHooks & { guarded: boolean },
): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { modelSync } = fastify
  const streams = new Set<PassThrough>()
  const places = new EventPlaces(guarded)
  const mayWrite = admits(instance, write)

  // Before the server waits for its connections: an open answer would keep it from closing.
  fastify.addHook('preClose', async () => {
    for (const stream of streams) stream.end()
  })

  fastify.get(
    '/models/sync/events',
    {
      onRequest: read,
      // Of a stream without an end there is no head to be had.
      exposeHeadRoute: false,
      schema: {
        tags: ['sync'],
        summary: 'Follow syncs as server-sent events',
        description:
          'Sends `started` (the run and its providers), `progress` (one provider: waiting, fetching, applying or done, entries read, its result), `finished` (the result) and `revision` (of the catalogue: first at once, then after each change in any process). If a run is in progress, `started` comes first, with its state of now. An address may hold ten streams; there are 200 in all, the last 20 for callers whom `authorize` lets in.',
        response: {
          200: {
            description: 'event: <name>, data: <JSON>',
            content: { 'text/event-stream': { schema: Type.Unsafe<PassThrough>({ type: 'string' }) } },
          },
          503: ErrorSchema,
          '4xx': ErrorSchema,
        },
      },
    },
    async (request, reply) => {
      const leave = await places.take(clientAddress(request), () => mayWrite(request, reply))
      const stream = new PassThrough()
      streams.add(stream)
      const send = (event: string, data: unknown): void => {
        stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
        if (stream.readableLength > MOST_BUFFERED_BYTES) stream.destroy()
      }
      const unwatchRuns = modelSync.sync.watchRuns(send)
      const heartbeat = setInterval(() => stream.write(':\n\n'), HEARTBEAT_MS).unref()
      stream.once('close', () => {
        streams.delete(stream)
        leave()
        clearInterval(heartbeat)
        unwatch()
        unwatchRuns()
      })
      // Something at once, so that whoever listens knows that it does.
      stream.write(':\n\n')
      if (modelSync.sync.runProgress !== null) send('started', modelSync.sync.runProgress)
      const unwatch = modelSync.catalogue.watchRevision((revision) => send('revision', { revision }))
      // Kept alive after its end it would keep the server from closing, for as long as the client likes.
      if (request.raw.httpVersionMajor === 1) void reply.header('connection', 'close')
      return reply
        .type('text/event-stream')
        .headers({ 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' })
        .send(stream)
    },
  )
}
