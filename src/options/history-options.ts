/** What is remembered, and under which names. */
import { Type } from 'typebox'
import { ADDRESS, option } from './define-option.js'

export const memoryOptions = {
  historyDays: option(
    'MODEL_SYNC_HISTORY_DAYS',
    Type.Integer({
      minimum: 1,
      maximum: 36_500,
      default: 90,
      description: 'how many days a run that changed nothing stays in the history; other runs stay for ever',
    }),
  ),
  replica: option(
    'MODEL_SYNC_REPLICA',
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'name of this process in the history; if unset, its host name and process id',
    }),
  ),
  leaseSeconds: option(
    'MODEL_SYNC_LEASE_SECONDS',
    Type.Number({
      minimum: 1,
      maximum: 600,
      default: 30,
      description: 'seconds until another replica takes over the work of one that went silent',
    }),
  ),
  publicUrl: option(
    'MODEL_SYNC_PUBLIC_URL',
    Type.String({
      pattern: ADDRESS,
      format: 'http-address',
      description:
        'public address of the routes, prefix included, for links in the feed; if unset, that of the request',
    }),
  ),
}
