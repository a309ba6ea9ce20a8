/**
 * Conditional reads: the ETag is the catalogue's revision, with the version of the price book that fills what it does not state, and with what the
 * viewer's own keys add.
 */
import { Type } from 'typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogueService } from '../../services/catalogue/catalogue-service.js'

/** Of such a read, for whoever sends the ETag that it has as `If-None-Match`. */
export const NotModified = Type.Null({ description: 'nothing has changed since the ETag that was sent' })

/** Sets the ETag; true when the caller has this version already, and the 304 is sent. */
export async function notModified(
  request: FastifyRequest,
  reply: FastifyReply,
  catalogue: CatalogueService,
  viewer: string | null,
): Promise<boolean> {
  return isKnown(request, reply, await catalogue.version(viewer))
}

/** As {@link notModified}, with what tells the answer from another at hand: the revision, or more. */
export function isKnown(request: FastifyRequest, reply: FastifyReply, version: number | string): boolean {
  // Weak: lastSeenAt and stale may move within a revision.
  const etag = `W/"${version}"`
  void reply.header('etag', etag).header('cache-control', 'private, no-cache')
  const known = request.headers['if-none-match']
  if (known === undefined || !known.split(',').some((tag) => strip(tag) === strip(etag))) return false
  void reply.code(304).send()
  return true
}

function strip(tag: string): string {
  return tag.trim().replace(/^W\//, '')
}
