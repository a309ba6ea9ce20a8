/** Who may call what: each route states the right that it needs, and each kind of caller is let in or refused accordingly. */
import type { RouteOptions } from 'fastify'
import t from 'tap'
import { UnauthorizedError } from '../../../src/errors.js'
import { rightOf, type Right } from '../../../src/routes/shared/rights.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'

const ROLES = ['nobody', 'reader', 'user', 'admin'] as const
type Role = (typeof ROLES)[number]

/** Who is let in; secrets and signatures are no roles, and what is signed is checked behind the schema. */
const ADMITTED: Record<Right, readonly Role[]> = {
  read: ['reader', 'user', 'admin'],
  write: ['admin'],
  'own-read': ['user', 'admin'],
  'own-write': ['user', 'admin'],
  // A user without keys would sync with the backend's.
  start: ['admin'],
  'cron-secret': [],
  'sync-webhook-signature': ROLES,
  page: ROLES,
}

function admit(...roles: Role[]) {
  return (request: { headers: Record<string, unknown> }, _reply: unknown, done: (error?: Error) => void): void =>
    done(roles.includes(request.headers['x-role'] as Role) ? undefined : new UnauthorizedError('not you'))
}

const routes: RouteOptions[] = []
const host = await startHost(t, await createPostgresDatabase(t), {
  settings: {
    allowUnauthenticated: false,
    authorize: admit('admin'),
    authorizeRead: admit('reader', 'user', 'admin'),
    authorizeUser: admit('user', 'admin'),
    cronSecret: 'a-cron-secret-of-the-rights',
    webhookSecret: `whsec_${btoa('a webhook secret of the rights')}`,
    probe: true,
  },
  before: (app) => app.addHook('onRoute', (route) => void routes.push(route)),
})

t.test('each route, with each method, for each kind of caller', async (t) => {
  t.ok(routes.length > 70, `${routes.length} routes`)
  for (const route of routes) {
    const right = rightOf(route)
    const method = [route.method].flat()[0] as 'GET'
    const name = `${method} ${route.url}`
    if (right === undefined) {
      t.fail(`${name} states no right; give it hooks of hooksFor()`)
      continue
    }
    for (const role of ROLES) {
      // Whoever is let in hears that there is no such parameter, so that nothing is carried out.
      const url = `${route.url.replace(/:[A-Za-z]+|\*/g, 'x')}?nonsense=1`
      const { statusCode } = await host.app.inject({ method, url, headers: { 'x-role': role } })
      t.equal(statusCode, ADMITTED[right].includes(role) ? 400 : 401, `${name} needs ${right}: ${role}`)
    }
  }
})
