/** What the log says of a request, without tokens that somebody has put into its query. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isSecretOption } from '../core/input/shown-option.js'

/** How tokens are called beside keys, secrets and passwords. */
const TOKEN = /token|auth|signature/i

/** Fastify's own members; such a request is refused, and yet the right token may stand in it. Throws nothing. */
export function requestSerializer({ method, url, host, ip, socket }: FastifyRequest): Record<string, unknown> {
  return { method, url: withoutSecrets(url), host, remoteAddress: ip, remotePort: socket.remotePort }
}

/** As Fastify's own, which would log the whole address. */
export function answerNotFound({ method, url, log }: FastifyRequest, reply: FastifyReply): void {
  const message = `Route ${method}:${withoutSecrets(url)} not found`
  log.info(message)
  void reply.code(404).send({ message, error: 'Not Found', statusCode: 404 })
}

function withoutSecrets(url: string): string {
  return url.replace(/([?&;])([^=&;]*)=([^&;]*)/g, (part, before: string, name: string, value: string) =>
    value !== '' && (TOKEN.test(name) || isSecretOption(name)) ? `${before}${name}=[redacted]` : part,
  )
}
