/** The scheduler: the host's, when it has registered @fastify/schedule, else one of our own. */
import { fastifySchedule } from '@fastify/schedule'
import type { FastifyInstance } from 'fastify'
import type { ToadScheduler } from 'toad-scheduler'

/** One that was made here is stopped with the server. */
export async function openScheduler(fastify: FastifyInstance): Promise<ToadScheduler> {
  if (fastify.hasDecorator('scheduler')) return fastify.scheduler
  let scheduler: ToadScheduler | undefined
  // In a scope of its own, so that the host can still register @fastify/schedule for itself.
  await fastify.register(async (scope) => {
    await scope.register(fastifySchedule)
    scheduler = scope.scheduler
  })
  if (scheduler === undefined) throw new Error('@fastify/schedule gave no scheduler')
  return scheduler
}
