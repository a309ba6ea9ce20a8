/** The prebuilt page and its assets, under a Content-Security-Policy of its own. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { checkMembers, type KnownMembers } from '../core/input/known-members.js'
import { shownText } from '../core/input/shown-option.js'
import { OptionsError } from '../errors.js'
import { packageFolder } from '../package-files.js'

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

const NOT_FOUND =
  '<!doctype html><title>Settings</title><p>The files of the settings page are not there. Run <code>npm run build</code> in a checkout; in a bundle, set <code>assetsDir</code>. Then restart.</p>'

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
    `settingsPage.signInUrl is ${shownText(signInUrl)}; expected a path such as /login, or an http(s) address`,
  )
}

export default async function settingsPageRoutes(
  fastify: FastifyInstance,
  { signInUrl, assetsDir, readsClosed }: SettingsPageOptions & { assetsDir: string | undefined; readsClosed: boolean },
): Promise<void> {
  const built = await findPage(assetsDir)
  const html = built instanceof Error ? null : built.html
  const session = signInUrl === undefined ? '' : `<meta name="sign-in-url" content="${escapeAttribute(signInUrl)}">`
  const reads = readsClosed ? '<meta name="reads" content="closed">' : ''
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
    const page =
      html === null ? NOT_FOUND : html.replace('<head>', () => `<head><base href="${base}">${session}${reads}`)
    // Bytes, as all our answers. @see toText
    return reply.send(Buffer.from(page))
  }
  // Under the prefix this is /settings and /settings/: both, unless the host's router takes them for one.
  fastify.get('/', { schema: { hide: true } as object }, send)
  if (built instanceof Error) return fastify.log.warn({ err: built }, 'The settings page is not there')
  await fastify.register(fastifyStatic, {
    root: path.join(built.folder, 'assets'),
    prefix: '/assets/',
    decorateReply: false,
    // The names carry a hash of the content.
    immutable: true,
    maxAge: '365d',
    schemaHide: true,
  })
  // For a page of the host's own that has no bundler: <script type="module" src="…/settings/client/refresh-models-button.js">.
  await fastify.register(fastifyStatic, {
    root: packageFolder('client', assetsDir),
    prefix: '/client/',
    decorateReply: false,
    allowedPath: (path) => path.endsWith('.js'),
    cacheControl: false,
    // Its names stay the same from version to version.
    setHeaders: (response) => void response.setHeader('cache-control', 'no-cache'),
    schemaHide: true,
  })
}

async function findPage(assetsDir: string | undefined): Promise<{ folder: string; html: string } | Error> {
  try {
    const folder = packageFolder('settings-page', assetsDir)
    return { folder, html: await readFile(path.join(folder, 'index.html'), 'utf8') }
  } catch (error) {
    return error as Error
  }
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
