/** What lets a scheduler outside of this process start a sync. */
import { Type } from 'typebox'
import { IN_A_HEADER, NO_SECRET, option } from './define-option.js'

export const cronOptions = {
  cronSecret: option(
    'CRON_SECRET',
    Type.String({
      minLength: 16,
      ...IN_A_HEADER,
      not: { pattern: NO_SECRET },
      advice: 'openssl rand -hex 32 makes one',
      description: 'bearer secret of the cron route; if unset, the route is off',
    }),
  ),
}
