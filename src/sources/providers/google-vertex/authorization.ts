/** How Vertex AI is told who asks: an OAuth token, made from Google's credentials by Google's own library. */
import { loadOptional, rethrow, type OptionalPart } from '../../../optional-package.js'
import { bearer, type Authorize, type Credential } from '../../kit/source.js'

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const LIBRARY: OptionalPart = {
  part: 'A credentials file of Vertex AI',
  packages: ['google-auth-library'],
  instead: 'give an access token as the key',
}

/**
 * The key is the path of a credentials file, its text, `adc` (what `gcloud` or the machine provides), or an access token as it is. A token is
 * kept as long as it holds. GOOGLE_CLOUD_PROJECT is billed where the credentials name no project.
 * @throws MissingPackageError when the library is not installed; what it says of credentials that do not do
 */
export async function authorizeVertex({ key, settings, fetch }: Credential): Promise<Authorize> {
  const project = settings['GOOGLE_CLOUD_PROJECT']
  const billed: Record<string, string> = project === undefined ? {} : { 'x-goog-user-project': project }
  const source = credentialsOf(key)
  if (source === null) return () => Promise.resolve({ ...bearer(key), ...billed })
  const { GoogleAuth } = await loadOptional(LIBRARY, () => import('google-auth-library').catch(rethrow))
  const auth = new GoogleAuth({
    scopes: SCOPE,
    ...source,
    clientOptions: { transporterOptions: { fetchImplementation: fetch } },
  })
  const client = await auth.getClient()
  return async ({ url }) => {
    const headers = await client.getRequestHeaders(url.href)
    return { ...billed, ...Object.fromEntries(headers) }
  }
}

/** `null`: an access token. */
function credentialsOf(key: string): { keyFilename: string } | { credentials: object } | Record<string, never> | null {
  if (key === 'adc') return {}
  if (!key.trimStart().startsWith('{')) return /\.json$|^[/~.]|[\\]/.test(key) ? { keyFilename: key } : null
  try {
    return { credentials: JSON.parse(key) as object }
  } catch {
    // Without the parser's own words, which quote the text.
    throw new Error('the credentials are no JSON; expected the text of a credentials file, or its path')
  }
}
