/** The prebuilt page and its assets, under a Content-Security-Policy of its own. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { checkMembers, type KnownMembers } from '../catalog/known-members.js'
import { OptionsError } from '../errors.js'

const CLIENT = new URL('../../dist/client/', import.meta.url)
const FOLDER = new URL('../../dist/settings-page/', import.meta.url)

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')

const NOT_BUILT =
  '<!doctype html><title>Settings</title><p>The settings page is not built. Run <code>npm run build</code> and restart.</p>'

// A path is an address against any other.
const ANY = 'http://host'

export interface SettingsPageOptions {
  /** Where people sign in to the host: a path, or an http(s) address. The page then relies on the host's session, and asks for no token. */
  signInUrl?: string | undefined
}

/** @throws OptionsError; TypeError for an option that there is none of */
export function readSettingsPage(option: boolean | SettingsPageOptions): SettingsPageOptions | null {
  if (typeof option === 'boolean') return option ? {} : null
  checkMembers('settingsPage', option, { signInUrl: true } satisfies KnownMembers<SettingsPageOptions>)
  const { signInUrl } = option
  // Nothing else than a page may be linked: no javascript:, no data:.
  const isPage = (url: string) => URL.canParse(url, ANY) && /^https?:$/.test(new URL(url, ANY).protocol)
  if (signInUrl === undefined || isPage(signInUrl)) return option
  throw new OptionsError(
    `settingsPage.signInUrl is ${JSON.stringify(signInUrl)}; expected a path such as /login, or an http(s) address`,
  )
}

export default async function settingsPageRoutes(
  fastify: FastifyInstance,
  { signInUrl }: SettingsPageOptions,
): Promise<void> {
  const html = await readFile(new URL('index.html', FOLDER), 'utf8').catch(() => null)
  const session = signInUrl === undefined ? '' : `<meta name="sign-in-url" content="${escapeAttribute(signInUrl)}">`
  const send = ({ originalUrl }: FastifyRequest, reply: FastifyReply): FastifyReply => {
    void reply
      .code(html === null ? 503 : 200)
      .type('text/html; charset=utf-8')
      .headers({
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      })
    // Relative, so that the page works under any prefix, also behind a proxy that rewrites paths.
    const base = originalUrl.split('?', 1)[0]?.endsWith('/') === true ? './' : './settings/'
    const page = html === null ? NOT_BUILT : html.replace('<head>', () => `<head><base href="${base}">${session}`)
    // Bytes, as all our answers. @see toBytes
    return reply.send(Buffer.from(page))
  }
  // Under the prefix this is /settings and /settings/: both, unless the host's router takes them for one.
  fastify.get('/', { schema: { hide: true } as object }, send)
  if (html === null) return fastify.log.warn('The settings page is not built; run npm run build')
  await fastify.register(fastifyStatic, {
    root: fileURLToPath(new URL('assets/', FOLDER)),
    prefix: '/assets/',
    decorateReply: false,
    // The names carry a hash of the content.
    immutable: true,
    maxAge: '365d',
    schemaHide: true,
  })
  // For a page of the host's own that has no bundler: <script type="module" src="…/settings/client/refresh-models-button.js">.
  await fastify.register(fastifyStatic, {
    root: fileURLToPath(CLIENT),
    prefix: '/client/',
    decorateReply: false,
    allowedPath: (path) => path.endsWith('.js'),
    cacheControl: false,
    schemaHide: true,
  })
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
