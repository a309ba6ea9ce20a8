/** Answers a method that a path of ours does not have by 405 with Allow, where Fastify would say that there is no such path. */
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { MethodNotAllowedError } from '../../errors.js'
import { describeOurs } from './errors.js'
import { describeForOpenai, isOpenaiPath } from './openai-error.js'
import { forbidCaching } from './private-answers.js'
import { toText } from './serialization.js'

/** OPTIONS is the host's, for CORS. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * For all routes of a scope, to be called before they are registered. No route is added for it: one would take what a catch-all route of the host
 * serves today, and clash with one that the host registers later. So the root looks at requests that no route has taken, and only at those.
 */
export function refuseWrongMethods(fastify: FastifyInstance): void {
  const paths: { url: string; pattern: RegExp; rank: string }[] = []
  fastify.addHook('onRoute', ({ url }) => {
    if (!paths.some((path) => path.url === url)) paths.push({ url, pattern: patternOf(url), rank: rankOf(url) })
    paths.sort((a, b) => (a.rank < b.rank ? -1 : 1))
  })
  const refuse = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const path = pathOf(request.url)
    const url = paths.find(({ pattern }) => pattern.test(path))?.url
    const allowed = METHODS.filter((method) => url !== undefined && fastify.hasRoute({ method, url }))
    if (allowed.length === 0 || allowed.includes(request.method)) return done()
    const { statusCode, code, message } = new MethodNotAllowedError(request.method, allowed.join(', '))
    const describe = isOpenaiPath(path.slice(fastify.prefix.length)) ? describeForOpenai : describeOurs
    forbidCaching(reply)
    void reply.code(405).header('allow', allowed.join(', '))
    void reply.send(toText(reply, describe({ statusCode: statusCode ?? 405, code, message })))
  }
  const untaken: onRequestHookHandler = (request, reply, done) =>
    request.is404 && request.method !== 'OPTIONS' ? refuse(request, reply, done) : done()
  rootOf(fastify).addHook('onRequest', untaken)
  // `PATCH /models/stats` is taken by `PATCH /models/*`, and means no model.
  fastify.addHook('onRoute', (route) => {
    if (route.url.endsWith('*')) route.onRequest = [refuse, ...[route.onRequest ?? []].flat()]
  })
}

/** The outermost instance: Fastify handles a request without a route there, however deep our scope lies. */
function rootOf(instance: FastifyInstance): FastifyInstance {
  const outer = Object.getPrototypeOf(instance) as FastifyInstance | null
  return typeof outer?.addHook === 'function' ? rootOf(outer) : instance
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) => (part === '*' ? '.*' : part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
  return new RegExp(`^${source.join('/')}$`, 's')
}

/** The more a path says, the earlier it comes, as in Fastify's router. */
function rankOf(url: string): string {
  return url.replace(/[^/]+/g, (part) => (part === '*' ? '2' : part.startsWith(':') ? '1' : '0'))
}

function pathOf(url: string): string {
  const [path = ''] = url.split('?', 1)
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}
