/** How the routes answer. */
import { Type } from 'typebox'
import { FAILED_SYNC_STATUSES } from '../core/records/run-words.js'
import { option } from './define-option.js'

const HostName = Type.String({
  pattern: '^\\.?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$|^\\[[0-9a-fA-F:.]+\\]$',
  'x-expected':
    'the name of a host without scheme and port, such as models.example.com, or .example.com with all names below it',
})

const ProbePath = {
  pattern: '^(/[A-Za-z0-9._~-]+)+$',
  'x-expected': 'a path such as /livez, without a slash at its end',
}

export const routeOptions = {
  livenessPath: option(
    'MODEL_SYNC_LIVENESS_PATH',
    Type.String({
      ...ProbePath,
      description: 'path below the prefix that answers 200 while the process lives, for orchestrators; unset: none',
    }),
  ),
  readinessPath: option(
    'MODEL_SYNC_READINESS_PATH',
    Type.String({
      ...ProbePath,
      description: 'path below the prefix that answers 200 while the catalogue can be read, else 503; unset: none',
    }),
  ),
  allowedHosts: option(
    'MODEL_SYNC_ALLOWED_HOSTS',
    Type.Array(HostName, {
      minItems: 1,
      description:
        'host names that the server answers for, .example.com with all subdomains; loopback and the host of MODEL_SYNC_PUBLIC_URL always count, any other host gets 421; if unset, any host',
    }),
  ),
  failedSyncStatus: option(
    'MODEL_SYNC_FAILED_SYNC_STATUS',
    Type.Unsafe<number>({
      type: 'integer',
      enum: FAILED_SYNC_STATUSES,
      default: 200,
      description:
        'HTTP status of a failed sync, for callers that look at nothing else, such as curl -f; the body stays the same',
    }),
  ),
}
