/** How a route of the plugin is shown in the reference backend's OpenAPI: what it asks of callers, and a name for the rest of a path. */
import type { FastifySchema } from 'fastify'
import type { Right } from '../routes/shared/rights.js'

export const SECURITY_SCHEMES = {
  adminToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'ADMIN_TOKEN, or the one in <data directory>/admin-token',
  },
  cronSecret: { type: 'http', scheme: 'bearer', description: 'CRON_SECRET' },
  webhookSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description: 'with webhook-id and webhook-timestamp, as Standard Webhooks says',
  },
} as const

const SCHEMES: Readonly<Partial<Record<Right, keyof typeof SECURITY_SCHEMES>>> = {
  write: 'adminToken',
  'own-read': 'adminToken',
  'own-write': 'adminToken',
  start: 'adminToken',
  'cron-secret': 'cronSecret',
  'webhook-signature': 'webhookSignature',
}

interface ObjectSchema {
  properties?: Record<string, object>
  required?: string[]
}

/** `:id` for `*`, which is no name; no body where a route takes none; `security` where it needs something. Throws nothing. */
export function describeRoute(
  schema: FastifySchema | undefined,
  url: string,
  right: Right | undefined,
): { schema: FastifySchema; url: string } {
  const { params, body, ...rest } = (schema ?? {}) as FastifySchema & { params?: ObjectSchema; body?: ObjectSchema }
  const scheme = right === undefined ? undefined : SCHEMES[right]
  const takesNone = body === undefined || (body.properties !== undefined && Object.keys(body.properties).length === 0)
  return {
    url: url.replace('*', ':id'),
    schema: {
      ...rest,
      ...(params === undefined ? {} : { params: namedRest(params) }),
      ...(takesNone ? {} : { body }),
      security: scheme === undefined ? [] : [{ [scheme]: [] }],
    } as FastifySchema,
  }
}

function namedRest({ properties = {}, required = [], ...rest }: ObjectSchema): object {
  const named = (name: string): string => (name === '*' ? 'id' : name)
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [named(name), schema])),
    required: required.map(named),
  }
}
