/** Vertex AI's token: what is asked of Google for a service account, and the other kinds of credentials. */
import { createVerify, generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { authorizeVertex } from '../../../../src/sources/providers/google-vertex/authorization.js'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const account = {
  type: 'service_account',
  project_id: 'acme',
  private_key_id: 'k1',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  client_email: 'sync@acme.iam.gserviceaccount.com',
  client_id: '1',
  token_uri: 'https://oauth2.googleapis.com/token',
}
const request = {
  url: new URL('https://aiplatform.googleapis.com/v1beta1/publishers/google/models'),
  method: 'GET',
  headers: {},
} as const

/** Google's token endpoint: checks the signed claim and gives a token; counts how often. */
function tokenEndpoint(): { fetch: typeof fetch; calls: URL[] } {
  const calls: URL[] = []
  const answer = (status: number, body: unknown) =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
  const fetchToken: typeof fetch = async (input, init) => {
    calls.push(new URL(input instanceof Request ? input.url : input))
    const body = new URLSearchParams(String(init?.body))
    const [header, claims, signature] = (body.get('assertion') ?? '').split('.') as [string, string, string]
    const good = createVerify('RSA-SHA256').update(`${header}.${claims}`).verify(publicKey, signature, 'base64url')
    const { iss, scope, aud } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, string>
    const asked =
      iss === account.client_email && scope?.includes('cloud-platform') === true && aud === account.token_uri
    if (!good || !asked) return answer(400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' })
    return answer(200, { access_token: `ya29.token-${calls.length}`, expires_in: 3600, token_type: 'Bearer' })
  }
  return { fetch: fetchToken, calls }
}

t.test('a service account, as text and as a file, becomes a token that is used until it ends', async (t) => {
  const file = join(t.testdir(), 'account.json')
  writeFileSync(file, JSON.stringify(account))
  for (const key of [JSON.stringify(account), file]) {
    const { fetch, calls } = tokenEndpoint()
    const authorize = await authorizeVertex({ key, settings: { GOOGLE_CLOUD_PROJECT: 'billed' }, fetch })
    for (let count = 0; count < 3; count++) {
      const headers = await authorize(request)
      t.equal(headers['authorization'], 'Bearer ya29.token-1')
      t.equal(headers['x-goog-user-project'], 'billed')
    }
    t.same(
      calls.map(({ href }) => href),
      ['https://oauth2.googleapis.com/token'],
    )
  }
})

t.test('an account that Google does not know is refused in Google’s words', async (t) => {
  const { privateKey: other } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = JSON.stringify({ ...account, private_key: other.export({ type: 'pkcs8', format: 'pem' }) })
  const authorize = await authorizeVertex({ key, settings: {}, fetch: tokenEndpoint().fetch })
  await t.rejects(authorize(request), /invalid_grant|Invalid JWT/)
})

t.test('an access token is sent as it is', async (t) => {
  const { fetch, calls } = tokenEndpoint()
  const authorize = await authorizeVertex({ key: 'ya29.mine_0-1', settings: {}, fetch })
  t.same(await authorize(request), { authorization: 'Bearer ya29.mine_0-1' })
  t.same(calls, [])
})

t.test('broken credentials are named without being quoted', async (t) => {
  const key = '{"private_key": "hush-hush'
  const error = await authorizeVertex({ key, settings: {}, fetch }).catch((error: Error) => error)
  t.match(error, { message: /no JSON/ })
  t.notMatch((error as Error).message, 'hush')
  await t.rejects(authorizeVertex({ key: '/nowhere/account.json', settings: {}, fetch }), /nowhere/)
})
