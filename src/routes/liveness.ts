/** What an orchestrator asks every few seconds, at the paths that the host has named: is the process alive, can the catalogue be read. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { DatabaseError } from '../errors.js'
import { ErrorSchema } from './shared/errors.js'

export interface LivenessOptions {
  /** `null`: none. */
  livenessPath: string | null
  readinessPath: string | null
}

const Ok = Type.Object({ ok: Type.Boolean() })
const tags = ['health']

/** Without the host's hooks: an orchestrator has no token, and the answer says nothing of the catalogue. */
export default async function livenessRoutes(
  fastify: FastifyInstance,
  { livenessPath, readinessPath }: LivenessOptions,
): Promise<void> {
  if (livenessPath !== null)
    fastify.get(
      livenessPath,
      { logLevel: 'warn', schema: { tags, summary: 'Whether the process lives', response: { 200: Ok } } },
      async () => ({ ok: true }),
    )
  if (readinessPath !== null)
    fastify.get(
      readinessPath,
      {
        logLevel: 'warn',
        schema: { tags, summary: 'Whether the catalogue can be read', response: { 200: Ok, 503: ErrorSchema } },
      },
      async () => {
        await fastify.modelSync.catalogue.revision().catch((error: unknown) => {
          throw new DatabaseError('the catalogue cannot be read; check that the database runs and can be reached', {
            cause: error,
          })
        })
        return { ok: true }
      },
    )
}
