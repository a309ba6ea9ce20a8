/** Secrets out of files: `X_FILE` beside each variable `X` that holds one, as Docker and Kubernetes mount them. */
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t from 'tap'
import {
  environmentVariables,
  optionsFromEnv,
  readServerOptions,
  readSyncOptions,
  serverOptionsFromEnv,
} from '../../src/options.js'

const folder = await mkdtemp(path.join(tmpdir(), 'model-sync-secrets-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const TOKEN = 'hunter2-hunter2-hunter2'

async function file(name: string, text: string | Buffer): Promise<string> {
  const made = path.join(folder, name)
  await writeFile(made, text)
  return made
}
const warnings: string[] = []
const read = (env: Record<string, string>) => serverOptionsFromEnv(env, (line) => warnings.push(line))

t.test('the line break at the end is cut, and links are followed', async (t) => {
  const data = path.join(folder, '..data')
  await mkdir(data)
  await writeFile(path.join(data, 'token'), `${TOKEN}\n`)
  await chmod(path.join(data, 'token'), 0o644)
  await symlink('..data/token', path.join(folder, 'token'))
  t.equal(read({ ADMIN_TOKEN_FILE: path.join(folder, 'token') }).adminToken, TOKEN)
  for (const end of ['', '\n', '\r\n', '\n\n'])
    t.equal(read({ CRON_SECRET_FILE: await file('cron', `${TOKEN}${end}`) }).cronSecret, TOKEN, JSON.stringify(end))
  t.equal(read({ ADMIN_TOKEN_FILE: await file('bom', `\uFEFF${TOKEN}`) }).adminToken, TOKEN)
})

t.test('each variable that holds a secret has one', async (t) => {
  const secrets: [variable: string, text: string, path: string[], value: unknown][] = [
    ['DATABASE_URL', 'postgres://u:p@h/d', ['databaseUrl'], 'postgres://u:p@h/d'],
    ['LITELLM_API_KEY', TOKEN, ['litellm', 'apiKey'], TOKEN],
    ['MODEL_SYNC_ENCRYPTION_KEY', btoa(TOKEN), ['encryptionKey'], btoa(TOKEN)],
    ['MODEL_SYNC_WEBHOOK_SECRET', btoa(TOKEN), ['webhookSecret'], btoa(TOKEN)],
    ['ADMIN_TOKENS', `alice:${TOKEN}\nbob:${TOKEN}b`, ['adminTokens'], [`alice:${TOKEN}`, `bob:${TOKEN}b`]],
    ['READ_TOKENS', `rita:${TOKEN}`, ['readTokens'], [`rita:${TOKEN}`]],
    ['MODEL_SYNC_SMTP_URL', 'smtp://u:p@mail', ['smtpUrl'], 'smtp://u:p@mail'],
    ['MODEL_SYNC_NEWS_SLACK_URL', 'https://hooks.example/x', ['newsSlackUrl'], 'https://hooks.example/x'],
    ['MODEL_SYNC_NEWS', '{"a":{"type":"slack","url":"https://x"}}', ['news', 'a', 'type'], 'slack'],
    ['MODEL_SYNC_PROXY', 'http://u:p@proxy:1', ['proxy'], 'http://u:p@proxy:1'],
    ['MODEL_SYNC_TLS_KEY_PASSPHRASE', TOKEN, ['tls', 'keyPassphrase'], TOKEN],
    ['LITELLM_HEADERS', 'x-key: hunter2', ['providerOptions', 'litellm', 'headers'], 'x-key: hunter2'],
    ['OPENAI_API_KEY', TOKEN, ['providerOptions', 'openai', 'apiKey'], TOKEN],
    ['HF_TOKEN', TOKEN, ['providerOptions', 'huggingface', 'apiKey'], TOKEN],
    ['AWS_SECRET_ACCESS_KEY', TOKEN, ['providerOptions', 'bedrock', 'keySettings', 'AWS_SECRET_ACCESS_KEY'], TOKEN],
  ]
  for (const [variable, text, at, value] of secrets) {
    const found = at.reduce<unknown>(
      (options, name) => (options as Record<string, unknown> | undefined)?.[name],
      read({ [`${variable}_FILE`]: await file(variable, `${text}\n`) }),
    )
    t.strictSame(found, value, variable)
  }
  const box = read({
    MODEL_SYNC_OPENAI_COMPATIBLE: 'box=http://box/v1;key=BOX_KEY',
    BOX_KEY_FILE: await file('box', `${TOKEN}\n`),
  })
  t.match(box.openaiCompatible, [{ slug: 'box', keyVariable: 'BOX_KEY', apiKey: TOKEN }])
  t.strictSame(warnings.splice(0), [])
  const named = environmentVariables().filter((name) => /(KEY|TOKENS?|SECRET|PASSPHRASE)$/.test(name))
  for (const variable of named.filter((name) => name !== 'MODEL_SYNC_TLS_KEY'))
    t.throws(() => read({ MODEL_SYNC_PROVIDERS: 'all', [`${variable}_FILE`]: '/nowhere/x' }), {
      message: new RegExp(`^${variable}_FILE is "/nowhere/x"`),
    })
})

t.test('what is wrong is said with the name of the file, never with what is in it', async (t) => {
  const both = { ADMIN_TOKEN: 'another-token-0123456789', ADMIN_TOKEN_FILE: await file('both', TOKEN) }
  t.throws(() => read(both), {
    code: 'FST_MODEL_SYNC_OPTIONS',
    message: 'ADMIN_TOKEN and ADMIN_TOKEN_FILE are both set; expected one of them',
  })
  const missing = path.join(folder, 'a1b2c3d4e5f6')
  const cases: [file: string, said: RegExp][] = [
    [missing, /a1b2c3d4e5f6", which cannot be used: there is no such file/],
    [folder, /it is a folder/],
    [await file('empty', '\n'), /it is empty/],
    [await file('binary', Buffer.from([0xff, 0xfe, 0])), /it is no UTF-8 text/],
    ['/dev/zero', /more than 262144 bytes/],
    // Whoever puts the secret itself there.
    [TOKEN, /ADMIN_TOKEN_FILE is a text of 23 characters.*there is no such file/],
    [`/${TOKEN}`, /is a text of 24 characters/],
  ]
  for (const [name, said] of cases)
    t.throws(() => read({ ADMIN_TOKEN_FILE: name }), { code: 'FST_MODEL_SYNC_OPTIONS', message: said }, name)
  const wrong = await file('wrong', 'too-short\n')
  t.throws(() => readServerOptions(read({ ADMIN_TOKEN_FILE: wrong })), { message: /^(?!.*too-short).*ADMIN_TOKEN / })
  t.throws(() => read({ MODEL_SYNC_WEBHOOK_SECRET_FIL: 'x' }), { message: /did you mean MODEL_SYNC_WEBHOOK_SECRET/ })
})

t.test('another program’s file is a warning, or none', async (t) => {
  warnings.length = 0
  t.notOk('providerOptions' in read({ OPENAI_API_KEY_FILE: '/nowhere/x' }))
  t.match(warnings.splice(0), [/^OPENAI_API_KEY_FILE .* it is not used$/])
  t.throws(() => read({ MODEL_SYNC_PROVIDERS: 'litellm,openai', OPENAI_API_KEY_FILE: '/nowhere/x' }))
  // A host has no admin token of ours.
  const env = { ADMIN_TOKEN_FILE: '/nowhere/x', ADMIN_TOKENS: `a:${TOKEN}`, MODEL_SYNC_TRUST_PROXY: '1', PORT: 'x' }
  readSyncOptions(optionsFromEnv(env, (line) => t.fail(line)))
})
