/** Each token of the reference backend has one holder: of two, one would act with the other's rights, or under the other's name. */
import { OptionsError } from '../errors.js'
import type { ServerSettingsInput } from './settings.js'

/** Who the changelog says it was where nobody asked. */
const NOBODY = 'sync'

/** @throws OptionsError that names the holders, never the token */
export function checkTokenHolders({ adminToken, adminTokens = [], readTokens = [] }: ServerSettingsInput): void {
  const holders = new Map<string, string>(adminToken === undefined ? [] : [[adminToken, 'ADMIN_TOKEN (adminToken)']])
  for (const [option, texts] of [
    ['ADMIN_TOKENS (adminTokens)', adminTokens],
    ['READ_TOKENS (readTokens)', readTokens],
  ] as const)
    for (const text of texts) {
      const name = text.slice(0, text.indexOf(':'))
      const token = text.slice(name.length + 1)
      if (name === NOBODY)
        throw new OptionsError(`${option} has the name ${NOBODY}, expected another: the changelog calls syncs so`)
      const holder = `${name} of ${option}`
      const other = holders.get(token)
      if (other !== undefined && other !== holder)
        throw new OptionsError(
          `${holder} has the token of ${other}, expected one of its own (openssl rand -hex 32 makes one)`,
        )
      holders.set(token, holder)
    }
}
