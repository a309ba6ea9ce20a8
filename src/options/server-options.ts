/** What only the reference backend needs. */
import { Type } from 'typebox'
import { IN_A_HEADER, NO_NAMED_SECRET, NO_SECRET, option } from './define-option.js'

const PROXY = '(loopback|linklocal|uniquelocal|[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*(/\\d{1,3})?)'

const NamedToken = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}:[\\x21-\\x7e]{16,512}$',
  not: { pattern: NO_NAMED_SECRET },
  'x-expected':
    'a name, a colon and a token of at least 16 ASCII characters, no sample or one character again and again, such as alice:… (openssl rand -hex 32 makes one)',
})

export const serverOptions = {
  host: option('HOST', Type.String({ minLength: 1, default: '127.0.0.1', description: 'address to listen on' })),
  port: option(
    'PORT',
    Type.Integer({ minimum: 0, maximum: 65_535, default: 8081, description: 'port to listen on; 0 for any free one' }),
  ),
  prefix: option(
    'MODEL_SYNC_PREFIX',
    Type.String({
      pattern: '^(/[A-Za-z0-9._~-]+)*$',
      'x-expected': 'a path such as /api/v1, without a slash at its end',
      default: '',
      description: 'path in front of all routes, such as /api/v1',
    }),
  ),
  trustProxy: option(
    'MODEL_SYNC_TRUST_PROXY',
    Type.String({
      pattern: `^(\\d{1,2}|${PROXY}(\\s*,\\s*${PROXY})*)$`,
      format: 'proxies',
      'x-expected':
        'how many proxies stand in front, or their addresses and ranges, such as 10.0.0.0/8, or loopback, linklocal, uniquelocal',
      description:
        'proxies in front whose X-Forwarded-For we trust: how many, or a list of addresses and ranges; limits by address need it',
    }),
  ),
  docs: option('MODEL_SYNC_DOCS', Type.Boolean({ default: true, description: 'serve the API documentation at /docs' })),
  adminToken: option(
    'ADMIN_TOKEN',
    Type.String({
      minLength: 16,
      ...IN_A_HEADER,
      not: { pattern: NO_SECRET },
      advice: 'openssl rand -hex 32 makes one',
      description: 'bearer token for writes; if unset, the first start generates one',
    }),
  ),
  adminTokens: option(
    'ADMIN_TOKENS',
    Type.Array(NamedToken, {
      minItems: 1,
      description:
        'bearer tokens of several administrators by name (alice:…,bob:…), so the changelog says who; no token is generated then',
    }),
  ),
  readTokens: option(
    'READ_TOKENS',
    Type.Array(NamedToken, {
      minItems: 1,
      description: 'bearer tokens for reads by name; if set, reads need one of these or an admin token',
    }),
  ),
  rateLimitWrites: option(
    'MODEL_SYNC_RATE_LIMIT_WRITES',
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      default: 300,
      description: 'writes from one address in a minute; 0 for no limit',
    }),
  ),
  rateLimitResolve: option(
    'MODEL_SYNC_RATE_LIMIT_RESOLVE',
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      default: 600,
      description: 'requests to resolve names from one address in a minute; 0 for no limit',
    }),
  ),
  rateLimitExports: option(
    'MODEL_SYNC_RATE_LIMIT_EXPORTS',
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      default: 300,
      description: 'exports from one address in a minute (pages of over 100 rows, feeds, whole lists); 0 for no limit',
    }),
  ),
  logLevel: option(
    'LOG_LEVEL',
    Type.Unsafe<string>({
      type: 'string',
      enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      default: 'info',
      description: 'pino’s log level, in any case',
      // As other loggers, and pino in its output, call them.
      spellings: {
        ...{
          warning: 'warn',
          err: 'error',
          critical: 'fatal',
          crit: 'fatal',
          notice: 'info',
          verbose: 'debug',
          silly: 'trace',
        },
        ...{ off: 'silent', none: 'silent', quiet: 'silent' },
        ...{ 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' },
      },
    }),
  ),
}
