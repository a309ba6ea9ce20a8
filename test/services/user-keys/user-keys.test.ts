/** Which providers a user has keys for: said by what is stored beside the keys, which stay sealed. */
import { randomBytes } from 'node:crypto'
import t from 'tap'
import { KeyVault } from '../../../src/services/user-keys/key-vault.js'
import { UserKeyService } from '../../../src/services/user-keys/user-keys.js'
import { openDatabase } from '../../../src/store/database.js'
import { databaseKinds } from '../../support/databases.js'
import { startHost } from '../../support/host.js'

const PROVIDERS = ['groq', 'mistral', 'openai']
const newKey = (): string => randomBytes(32).toString('base64')

for (const [kind, createDatabase] of databaseKinds)
  t.test(`a user's active providers, on ${kind}`, async (t) => {
    const { pool, log } = await startHost(t, await createDatabase(t))
    const [first, second] = [newKey(), newKey()]
    const keysUnder = (encryptionKey: string | null): UserKeyService =>
      new UserKeyService({
        database: openDatabase(pool, 'model_sync'),
        vault: new KeyVault(encryptionKey),
        providers: PROVIDERS,
        host: null,
        log: log.logger,
        now: Date.now,
      })
    const keys = keysUnder(first)
    for (const provider of PROVIDERS) await keys.put('anna', provider, `sk-anna-at-${provider}`)
    await keys.put('bert', 'openai', 'sk-bert-at-openai')

    await t.test('are those of the user alone', async (t) => {
      t.strictSame(await keys.activeProviders('anna'), PROVIDERS)
      t.strictSame(await keys.activeProviders('bert'), ['openai'])
      t.strictSame(await keys.activeProviders('carla'), [])
    })

    await t.test('are told without opening a key', async (t) => {
      await pool.query(
        `UPDATE model_sync.user_credentials
        SET sealed = set_byte(sealed, length(sealed) - 1, get_byte(sealed, length(sealed) - 1) # 255)
        WHERE user_id = 'anna' AND provider = 'groq'`,
      )
      t.strictSame(
        (await keys.activeKeys('anna')).map(({ provider }) => provider),
        ['mistral', 'openai'],
        'groq does not open any more',
      )
      t.strictSame(await keys.activeProviders('anna'), PROVIDERS)
    })

    await t.test('have a key that is switched on', async (t) => {
      await keys.setActive('anna', 'mistral', false)
      t.strictSame(await keys.activeProviders('anna'), ['groq', 'openai'])
      await keys.setActive('anna', 'mistral', true)
    })

    await t.test('have a key that was sealed under an encryption key which is still there', async (t) => {
      await keysUnder(second).put('anna', 'openai', 'sk-anna-anew')
      t.strictSame(await keys.activeProviders('anna'), ['groq', 'mistral'])
      t.strictSame(await keysUnder(`${second},${first}`).activeProviders('anna'), PROVIDERS)
      t.strictSame(await keysUnder(null).activeProviders('anna'), [])
    })
  })
