/** /settings: the prebuilt page and its assets, under a Content-Security-Policy of its own. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

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

export default async function settingsPageRoutes(fastify: FastifyInstance): Promise<void> {
  const html = await readFile(new URL('index.html', FOLDER), 'utf8').catch(() => null)
  const send = (base: string) => (_request: unknown, reply: FastifyReply) => {
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
    return reply.send(html === null ? NOT_BUILT : html.replace('<head>', `<head><base href="${base}">`))
  }
  const hide = { schema: { hide: true } as object }
  fastify.get('/settings', hide, send('./settings/'))
  fastify.get('/settings/', hide, send('./'))
  if (html === null) return fastify.log.warn('The settings page is not built; run npm run build')
  await fastify.register(fastifyStatic, {
    root: fileURLToPath(new URL('assets/', FOLDER)),
    prefix: '/settings/assets/',
    decorateReply: false,
    // The names carry a hash of the content.
    immutable: true,
    maxAge: '365d',
    schemaHide: true,
  })
  // For a page of the host's own that has no bundler: <script type="module" src="…/settings/client/refresh-models-button.js">.
  await fastify.register(fastifyStatic, {
    root: fileURLToPath(CLIENT),
    prefix: '/settings/client/',
    decorateReply: false,
    allowedPath: (path) => path.endsWith('.js'),
    cacheControl: false,
    schemaHide: true,
  })
}
