/** A host with everything that hosts have: Zod throughout, the usual plugins, autoload, and settings of its own for routes and for pg. */
import path from 'node:path'
import fastifyAutoload from '@fastify/autoload'
import fastifyCaching from '@fastify/caching'
import fastifyCompress from '@fastify/compress'
import fastifyCors from '@fastify/cors'
import fastifyHelmet from '@fastify/helmet'
import fastifyPostgres from '@fastify/postgres'
import fastifyRateLimit from '@fastify/rate-limit'
import fastifyUnderPressure from '@fastify/under-pressure'
import Fastify from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import pg from 'pg'
import { z } from 'zod'
import { listen } from './listen.js'
import { registerSwagger } from './recipe-1.js'

for (const type of [16, 17, 23, 114, 3802]) pg.types.setTypeParser(type, (value) => ({ host: value }))

const app = Fastify({ routerOptions: { ignoreTrailingSlash: true }, trustProxy: true, bodyLimit: 64 * 1024 })
app.setValidatorCompiler(validatorCompiler)
app.setSerializerCompiler(serializerCompiler)
app.setErrorHandler((error, _request, reply) => reply.code(error.statusCode ?? 500).send({ host: error.message }))
app.addHook('preSerialization', async (_request, _reply, payload) => ({ data: payload }))
await app.register(fastifyHelmet)
await app.register(fastifyCors, { origin: ['http://localhost:3000'] })
await app.register(fastifyRateLimit, { max: 1000 })
await app.register(fastifyUnderPressure, { maxEventLoopDelay: 60_000 })
await app.register(fastifyCompress, { threshold: 0 })
await app.register(fastifyCaching, { privacy: 'private', expiresIn: 60 })
await app.register(fastifyPostgres, { connectionString: process.env.DATABASE_URL, binary: true })
await registerSwagger(app)
app.get('/own', { schema: { response: { 200: z.object({ data: z.object({ at: z.string() }) }) } } }, async () => ({
  at: 'home',
  secret: 'not in the schema',
}))
app.get('/openapi.json', { schema: { hide: true }, compress: false }, (_request, reply) =>
  reply.type('application/json').send(JSON.stringify(app.swagger())),
)
await app.register(fastifyAutoload, {
  dir: path.join(import.meta.dirname, 'plugins'),
  options: { prefix: '/api' },
})
await listen(app)
