/** /docs of the reference backend: OpenAPI by @fastify/swagger and its page, where both are installed. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { MissingPackageError } from '../errors.js'
import { loadOptional, type OptionalPart } from '../optional-package.js'
import { VERSION } from '../version.js'

const DOCS: OptionalPart = {
  part: "The API's documentation at /docs",
  packages: ['@fastify/swagger', '@fastify/swagger-ui'],
}

// Styles of its own stand in its markup.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Name of the security scheme behind the admin token. */
export const ADMIN_SCHEME = 'adminToken'
const ADMIN_TOKEN = {
  type: 'http',
  scheme: 'bearer',
  description: 'ADMIN_TOKEN, or the one in <data directory>/admin-token',
} as const

/** To be registered before the plugin, since only routes that come later are listed. The backend serves without it, and says what is missing. */
async function apiDocumentation(fastify: FastifyInstance): Promise<void> {
  try {
    const [{ default: fastifySwagger }, { default: fastifySwaggerUi }] = await loadOptional(DOCS, () =>
      Promise.all([import('@fastify/swagger'), import('@fastify/swagger-ui')]),
    )
    await fastify.register(fastifySwagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'fastify-model-sync',
          description: 'A catalogue of LLM models in step with LiteLLM and provider APIs',
          version: VERSION,
        },
        servers: [{ url: '/' }],
        components: { securitySchemes: { [ADMIN_SCHEME]: ADMIN_TOKEN } },
      },
    })
    await fastify.register(fastifySwaggerUi, {
      routePrefix: '/docs',
      staticCSP: POLICY,
      uiHooks: {
        // For browsers that do not know frame-ancestors.
        onRequest: (_request, reply, done) => {
          void reply.header('x-frame-options', 'DENY')
          done()
        },
      },
    })
  } catch (error) {
    if (!(error instanceof MissingPackageError)) throw error
    fastify.log.warn(error.message)
    fastify.get('/docs', () => {
      throw error
    })
  }
}

export default fp(apiDocumentation, { name: 'fastify-model-sync-documentation', fastify: '5.x' })
