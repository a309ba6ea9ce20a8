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
      description: 'days that a run which changed nothing stays in the history; others stay for ever',
    }),
  ),
  replica: option(
    'MODEL_SYNC_REPLICA',
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'how runs name this process; unset: its host name and process id',
    }),
  ),
  leaseSeconds: option(
    'MODEL_SYNC_LEASE_SECONDS',
    Type.Number({
      minimum: 1,
      maximum: 600,
      default: 30,
      description: 'seconds after which another replica takes over what a silent one was at work on',
    }),
  ),
  publicUrl: option(
    'MODEL_SYNC_PUBLIC_URL',
    Type.String({
      pattern: ADDRESS,
      format: 'http-address',
      description:
        'address under which the routes are reached, prefix included, for links in the feed; unset: the request’s',
    }),
  ),
}
