/** The options of whatever asks providers. */
import type { Backend } from '../backend/backend.js'
import type { SyncOptions } from '../../core/records/sync-options.js'
import type { Context, Options, Values } from './command.js'
import { count } from '../output/plain.js'
import { UsageError } from './usage-error.js'

export const SYNC_OPTIONS = {
  providers: {
    type: 'string',
    several: true,
    value: 'SLUG',
    description: 'only these; default: what the server with the same settings syncs',
  },
  all: { type: 'boolean', description: 'every provider whose key is set or that needs none' },
  yes: { type: 'boolean', short: 'y', description: 'do not ask whether all providers are meant' },
  'force-update': { type: 'boolean', description: 'read every answer anew and rewrite every row' },
  'no-mark-unavailable': { type: 'boolean', description: 'add and update only' },
} as const satisfies Options

/**
 * What the command line asks for. Where neither it nor a setting says which providers are meant, all are, and a person is asked first.
 * @returns `null`: the person does not want it
 * @throws UsageError for `--all` beside `--providers`
 */
export async function syncRequest(
  { values, confirm }: Pick<Context, 'confirm'> & { values: Values<typeof SYNC_OPTIONS> },
  { unasked }: Pick<Backend, 'unasked'>,
): Promise<SyncOptions | null> {
  if (values.all === true && values.providers !== undefined)
    throw new UsageError('--all and --providers are both given; expected one of them')
  const isUnsaid = values.all !== true && values.providers === undefined && unasked !== null
  if (isUnsaid && unasked.length > 0 && values.yes !== true) {
    const question = `No setting names providers (MODEL_SYNC_PROVIDERS, LITELLM_API_URL). Ask all ${count(unasked.length, 'provider')} that can be asked: ${unasked.join(', ')}?`
    if (!(await confirm(question))) return null
  }
  const providers = values.all === true || isUnsaid ? ['all'] : values.providers
  return {
    providers,
    ...(values['force-update'] === true ? { forceUpdate: true } : {}),
    ...(values['no-mark-unavailable'] === true ? { markUnavailable: false } : {}),
  }
}
