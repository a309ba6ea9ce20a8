/** What OpenAPI says of all routes alike: a name for each operation, what it asks of callers, and the answers that each may give. */
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import type { TSchema } from 'typebox'
import { ErrorSchema } from './errors.js'
import { rightOf, type Right } from './rights.js'

/** Who needs what of the host's hooks. */
export interface DescribedAccess {
  /** The security scheme of the host's document behind its hooks; `null`: the only one that the document has. */
  securityScheme: string | null
  /** Rights for which the host has hooks; the others are open. */
  guarded: ReadonlySet<Right>
}

/** As much of an OpenAPI document as is read and written. */
interface OpenapiDocument {
  security?: unknown
  components?: { securitySchemes?: Record<string, object> }
}

interface ObjectSchema {
  properties?: Record<string, object>
  required?: string[]
}

/** Secrets of our own, whatever else the host asks for. */
const OWN_SCHEMES: Readonly<Partial<Record<Right, { name: string; scheme: object }>>> = {
  'cron-secret': {
    name: 'modelSyncCronSecret',
    scheme: { type: 'http', scheme: 'bearer', description: 'CRON_SECRET' },
  },
  'sync-webhook-signature': {
    name: 'modelSyncWebhookSignature',
    scheme: {
      type: 'apiKey',
      in: 'header',
      name: 'webhook-signature',
      description: 'with webhook-id and webhook-timestamp, as Standard Webhooks says',
    },
  },
}
const OWN_NAMES = Object.values(OWN_SCHEMES).map(({ name }) => name)

const Seconds = { type: 'string', description: 'seconds until it may be tried again' }
const Methods = { type: 'string', description: 'the methods that the path has' }

/** For all routes of a scope. The names are of method and address, so that two catalogues in one host have different ones. */
export function describeOperations(fastify: FastifyInstance, access: DescribedAccess): void {
  fastify.addHook('onRoute', (route) => {
    const [method = ''] = [route.method].flat()
    const response = route.schema?.response as Record<string, TSchema> | undefined
    if (response === undefined) return
    const failed = response['5xx'] ?? ErrorSchema
    const refused = response['4xx'] ?? ErrorSchema
    route.schema = {
      ...route.schema,
      operationId: operationId(method, route.url),
      response: {
        ...response,
        405: { ...refused, description: 'the path does not have this method', headers: { Allow: Methods } },
        // A database that is away, or a server that closes; and what nobody has thought of.
        503: response['503'] ?? { ...failed, headers: { 'Retry-After': Seconds } },
        '5xx': failed,
      },
    } as object
    // Ours alone: a transform of the host's, such as Zod's, may know the host's schemas only.
    route.config = { ...route.config, swaggerTransform: describe } as NonNullable<RouteOptions['config']>
  })

  function describe(shown: { schema?: FastifySchema; url: string; route: RouteOptions; openapiObject?: object }) {
    const { params, body, ...rest } = (shown.schema ?? {}) as FastifySchema & {
      params?: ObjectSchema
      body?: ObjectSchema
    }
    const isEmpty = body?.properties !== undefined && Object.keys(body.properties).length === 0
    return {
      // `*` is no name.
      url: shown.url.replace('*', ':id'),
      schema: {
        ...rest,
        ...(params === undefined ? {} : { params: namedRest(params) }),
        ...(body === undefined || isEmpty ? {} : { body }),
        ...securityOf(rightOf(shown.route), shown.openapiObject ?? {}, access),
      } as FastifySchema,
    }
  }
}

/** Nothing where the document says it for all routes, or has several schemes and nobody has said which. */
function securityOf(
  right: Right | undefined,
  document: OpenapiDocument,
  { securityScheme, guarded }: DescribedAccess,
): { security?: object[] } {
  const own = right === undefined ? undefined : OWN_SCHEMES[right]
  if (own !== undefined) {
    document.components ??= {}
    document.components.securitySchemes ??= {}
    document.components.securitySchemes[own.name] ??= own.scheme
    return { security: [{ [own.name]: [] }] }
  }
  if (right === undefined || !guarded.has(right)) return document.security === undefined ? { security: [] } : {}
  const schemes = Object.keys(document.components?.securitySchemes ?? {}).filter((name) => !OWN_NAMES.includes(name))
  const name = securityScheme ?? (schemes.length === 1 ? schemes[0] : undefined)
  return name === undefined ? {} : { security: [{ [name]: [] }] }
}

function namedRest({ properties = {}, required = [], ...rest }: ObjectSchema): object {
  const named = (name: string): string => (name === '*' ? 'id' : name)
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [named(name), schema])),
    required: required.map(named),
  }
}

/** `GET /models/sync/history/:runId` is `getModelsSyncHistoryByRunId`. */
function operationId(method: string, url: string): string {
  const words = url
    .replaceAll('*', ':id')
    .split('/')
    .flatMap((part) => (part.startsWith(':') ? ['by', part.slice(1)] : part.split(/[^A-Za-z0-9]+/)))
  const capitals = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  return `${method.toLowerCase()}${capitals.join('')}`
}
