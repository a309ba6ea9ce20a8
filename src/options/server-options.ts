/** What only the reference backend needs. */
import { Type } from 'typebox'
import { IN_A_HEADER, option } from './option.js'

export const serverOptions = {
  host: option('HOST', Type.String({ minLength: 1, default: '127.0.0.1', description: 'address to listen at' })),
  port: option(
    'PORT',
    Type.Integer({ minimum: 0, maximum: 65_535, default: 8081, description: 'port to listen at; 0: any free one' }),
  ),
  prefix: option(
    'MODEL_SYNC_PREFIX',
    Type.String({
      pattern: '^(/[A-Za-z0-9._~-]+)*$',
      expected: 'a path such as /api/v1, without a slash at its end',
      default: '',
      description: 'where the plugin’s routes are mounted',
    }),
  ),
  adminToken: option(
    'ADMIN_TOKEN',
    Type.String({
      minLength: 16,
      ...IN_A_HEADER,
      advice: 'openssl rand -hex 32 makes one',
      description: 'bearer token for write and admin routes; unset: generated on the first start',
    }),
  ),
  logLevel: option(
    'LOG_LEVEL',
    Type.Unsafe<string>({
      type: 'string',
      enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      default: 'info',
      description: 'pino level',
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
