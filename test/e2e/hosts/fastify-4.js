/** A host that is still on Fastify 4. */
import Fastify4 from 'fastify-4'
import { adminOnly } from './admin-only.js'
import { listen } from './listen.js'
import { mountCatalogue } from './recipe-2.js'

const app = Fastify4()
app.addHook('preSerialization', async (_request, _reply, payload) => ({ data: payload }))
app.get('/own', async () => ({ at: 'home' }))
await mountCatalogue(app, { prefix: '/catalogue', adminOnly })
await listen(app)
