/** Bedrock's requests: signed as AWS documents it, computed here a second time from what the server received. */
import { createHash, createHmac } from 'node:crypto'
import t from 'tap'
import { bedrock } from '../../../../src/sources/providers/bedrock/bedrock.js'
import { authorizeBedrock } from '../../../../src/sources/providers/bedrock/authorization.js'
import { json, loopback, type LoopbackRequest } from '../../../support/loopback.js'
import { read } from '../../../upstream/reading.js'

const KEY = 'AKIATEST00EXAMPLE000'
const SECRET = 'wJalr/XUtnFEMI+K7MDENGbPxRfiCYEXAMPLEKEY'

/** Signature Version 4 of a GET without a body, for the headers that the request says it signs. */
function signatureOf({ method, url, headers }: LoopbackRequest, secret: string): { signed: string; signature: string } {
  const authorization = headers.authorization ?? ''
  const [, date, region] =
    /Credential=[A-Z0-9]+\/(\d{8})\/([a-z0-9-]+)\/bedrock\/aws4_request/.exec(authorization) ?? []
  const signed = /SignedHeaders=([a-z0-9;-]+)/.exec(authorization)?.[1] ?? ''
  const { pathname, searchParams } = new URL(url, 'http://loopback')
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  const query = [...searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort()
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name])}\n`)
  const empty = createHash('sha256').update('').digest('hex')
  const canonical = [method, pathname, query.join('&'), lines.join(''), signed, empty].join('\n')
  const hash = createHash('sha256').update(canonical).digest('hex')
  const scope = `${date}/${region}/bedrock/aws4_request`
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash].join('\n')
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()
  const key = ['bedrock', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${secret}`, date ?? ''), region ?? ''))
  return { signed, signature: hmac(key, text).toString('hex') }
}

t.test('every page is signed with the access key', async (t) => {
  const server = await loopback(t, (request, response) => {
    const url = request.url ?? ''
    if (url === '/foundation-models') return json(response, { modelSummaries: [{ modelId: 'a' }] })
    const nextToken = url.includes('nextToken') ? undefined : "a+b/c= d*'"
    json(response, { inferenceProfileSummaries: [{ inferenceProfileId: url }], nextToken })
  })
  const settings = { AWS_SECRET_ACCESS_KEY: SECRET, AWS_SESSION_TOKEN: 'session-1', AWS_REGION: 'eu-west-3' }
  const { outcome, error } = await read(bedrock, server.url, { apiKey: KEY, settings })
  t.equal(error?.message, undefined)
  t.match(outcome, { state: 'complete', requests: 3 })
  for (const request of server.requests) {
    const { signed, signature } = signatureOf(request, SECRET)
    t.match(request.headers.authorization, `Credential=${KEY}/`)
    t.match(request.headers.authorization, '/eu-west-3/bedrock/aws4_request')
    t.ok(request.headers.authorization?.endsWith(`Signature=${signature}`), request.url)
    t.match(signed, /(^|;)host(;|$)/)
    t.equal(request.headers['x-amz-security-token'], 'session-1')
    t.notMatch(JSON.stringify(request), SECRET)
  }
})

t.test('the region is that of the address', async (t) => {
  const authorize = await authorizeBedrock({ key: KEY, settings: { AWS_SECRET_ACCESS_KEY: SECRET }, fetch })
  for (const [host, region] of [
    ['bedrock.ap-south-1.amazonaws.com', 'ap-south-1'],
    ['bedrock-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['bedrock.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['vpce-1.example.com', 'us-east-1'],
  ]) {
    const headers = await authorize({ url: new URL(`https://${host}/foundation-models`), method: 'GET', headers: {} })
    t.match(headers['authorization'], `/${region}/bedrock/`)
    t.notOk('host' in headers, 'the client sends its own')
  }
  t.equal(bedrock.addressFrom.address('eu-west-1'), 'https://bedrock.eu-west-1.amazonaws.com')
  t.equal(bedrock.addressFrom.address('cn-north-1'), 'https://bedrock.cn-north-1.amazonaws.com.cn')
})

t.test('an API key of Bedrock’s own is a bearer token', async (t) => {
  const authorize = await authorizeBedrock({ key: 'bedrock-api-key-xyz', settings: {}, fetch })
  const url = new URL('https://bedrock.us-east-1.amazonaws.com/foundation-models')
  t.same(await authorize({ url, method: 'GET', headers: {} }), { authorization: 'Bearer bedrock-api-key-xyz' })
})

t.test('an access key without its secret is said, not sent', async (t) => {
  const server = await loopback(t, (_, response) => json(response, {}))
  const { error } = await read(bedrock, server.url, { apiKey: KEY })
  t.match(error?.message, /AWS_SECRET_ACCESS_KEY is not/)
  t.same(server.requests, [])
})
