/** Conditional reads: the catalogue's revision is the ETag. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogueService } from '../services/catalogue-service.js'

/** Sets the ETag; true when the caller has this revision already, and the 304 is sent. */
export async function notModified(
  request: FastifyRequest,
  reply: FastifyReply,
  catalogue: CatalogueService,
): Promise<boolean> {
  return isKnown(request, reply, await catalogue.revision())
}

/** As {@link notModified}, with the revision at hand. */
export function isKnown(request: FastifyRequest, reply: FastifyReply, revision: number): boolean {
  // Weak: lastSeenAt and stale may move within a revision.
  const etag = `W/"${revision}"`
  void reply.header('etag', etag).header('cache-control', 'private, no-cache')
  const known = request.headers['if-none-match']
  if (known === undefined || !known.split(',').some((tag) => strip(tag) === strip(etag))) return false
  void reply.code(304).send()
  return true
}

function strip(tag: string): string {
  return tag.trim().replace(/^W\//, '')
}
