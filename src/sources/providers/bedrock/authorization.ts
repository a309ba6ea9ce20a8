/** How Bedrock is told who asks: an API key as a bearer token, or each request signed with an access key (Signature Version 4). */
import { createHash, createHmac } from 'node:crypto'
import { loadOptional, rethrow, type OptionalPart } from '../../../optional-package.js'
import { bearer, type Authorize, type Credential } from '../../kit/source.js'

/** AWS has several kinds of keys; these two are signed with, any other is an API key of Bedrock's own. */
const ACCESS_KEY = /^(?:AKIA|ASIA)[A-Z0-9]{12,}$/
const SIGNER: OptionalPart = {
  part: 'An access key of AWS',
  packages: ['@smithy/signature-v4'],
  instead: 'set AWS_BEARER_TOKEN_BEDROCK',
}

/**
 * With an access key the region is that of the address, or else AWS_REGION. Nothing goes out for it.
 * @throws Error when an access key has no secret; MissingPackageError when AWS's signer is not installed
 */
export async function authorizeBedrock({ key, settings }: Credential): Promise<Authorize> {
  if (!ACCESS_KEY.test(key)) return () => Promise.resolve(bearer(key))
  const secretAccessKey = settings['AWS_SECRET_ACCESS_KEY']
  if (secretAccessKey === undefined)
    throw new Error('AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not; set both, or AWS_BEARER_TOKEN_BEDROCK')
  const { SignatureV4 } = await loadOptional(SIGNER, () => import('@smithy/signature-v4').catch(rethrow))
  const sessionToken = settings['AWS_SESSION_TOKEN']
  const credentials = { accessKeyId: key, secretAccessKey, sessionToken }
  const fallback = settings['AWS_REGION'] ?? settings['AWS_DEFAULT_REGION'] ?? 'us-east-1'
  return async ({ url, method }) => {
    const signer = new SignatureV4({
      service: 'bedrock',
      region: regionOf(url) ?? fallback,
      credentials,
      sha256: Sha256,
    })
    const { headers } = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host },
    })
    const { host: _host, ...signed } = headers
    return signed
  }
}

function regionOf(url: URL): string | null {
  return /^bedrock(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com/.exec(url.hostname)?.[1] ?? null
}

/** The hash that the signer wants, by Node's own: AWS's in JavaScript would be a package more. */
class Sha256 {
  readonly #hash: { update(data: Uint8Array): unknown; digest(): Buffer }

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data))
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest())
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data)
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
